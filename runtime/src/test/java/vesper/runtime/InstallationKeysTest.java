package vesper.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InstallationKeysTest {
  @TempDir Path folder;

  @Test
  void open_twice_keepsTheKeysInAPrivateFile() throws Exception {
    InstallationKeys first = InstallationKeys.open(folder.resolve("keys"));
    InstallationKeys second = InstallationKeys.open(folder.resolve("keys"));

    assertThat(second.kid()).isEqualTo(first.kid()).startsWith("local-");
    assertThat(second.publicKey()).isEqualTo(first.publicKey());
    try (Stream<Path> files = Files.list(folder.resolve("keys"))) {
      List<Path> all = files.toList();
      assertThat(all).hasSize(1);
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(all.getFirst())))
          .isEqualTo("rw-------");
    }
  }

  @Test
  void open_byManyAtOnce_agreesOnOneKey() throws Exception {
    Callable<String> open = () -> InstallationKeys.open(folder).kid();
    try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
      List<Future<String>> kids = threads.invokeAll(java.util.Collections.nCopies(8, open));
      String expected = InstallationKeys.open(folder).kid();
      for (Future<String> kid : kids) {
        assertThat(kid.get()).isEqualTo(expected);
      }
    }
  }

  @Test
  void open_fileOfSomethingElse_isRefused() throws Exception {
    Files.writeString(folder.resolve("installation.pem"), "not keys");

    assertThatThrownBy(() -> InstallationKeys.open(folder))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("holds no Ed25519 key pair");
  }

  @Test
  void open_keysOfTwoPairs_isRefused() throws Exception {
    InstallationKeys.open(folder.resolve("a"));
    InstallationKeys.open(folder.resolve("b"));
    String a = Files.readString(folder.resolve("a/installation.pem"));
    String b = Files.readString(folder.resolve("b/installation.pem"));
    Files.writeString(
        folder.resolve("installation.pem"),
        a.substring(0, a.indexOf("-----BEGIN PUBLIC"))
            + b.substring(b.indexOf("-----BEGIN PUBLIC")));

    assertThatThrownBy(() -> InstallationKeys.open(folder))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("do not belong together");
  }
}
