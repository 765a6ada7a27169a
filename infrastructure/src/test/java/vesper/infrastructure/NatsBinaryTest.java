package vesper.infrastructure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NatsBinaryTest {
  private static final String WRITES_PACKAGE = "touch nats-server_2.9_amd64.deb";
  private static final String UNPACKS_SERVER =
      "mkdir -p $3/usr/sbin; echo server > $3/usr/sbin/nats-server; chmod +x $3/usr/sbin/nats-server";

  @TempDir Path folder;
  private final List<String> progress = new ArrayList<>();

  @Test
  void find_given_isUsedBeforeAllOthers() throws IOException {
    Path given = script("my-server", "exit 0");
    assertThat(NatsBinary.find(Optional.of(given), folder, progress::add)).isEqualTo(given);
    assertThat(progress).isEmpty();
  }

  @Test
  void fetch_unpacksThePackageAndLeavesNothingElse() throws IOException {
    Path target = folder.resolve("cache/nats-server");
    assertThat(fetch(target, WRITES_PACKAGE, UNPACKS_SERVER)).isEqualTo(target);
    assertThat(target).hasContent("server").isExecutable();
    assertThat(folder.resolve("cache").toFile().list()).containsExactly("nats-server");
    assertThat(progress).containsExactly("Fetching nats-server from Debian's packages (once)");
  }

  @Test
  void fetch_systemListsEmpty_usesListsOfItsOwn() throws IOException {
    String apt =
        """
        case "$*" in
          *Dir::State::lists=*update) touch updated ;;
          *Dir::State::lists=*download*) test -e updated && %s ;;
          *) exit 100 ;;
        esac\
        """
            .formatted(WRITES_PACKAGE);
    Path target = folder.resolve("cache/nats-server");
    fetch(target, apt, UNPACKS_SERVER);
    assertThat(target).hasContent("server");
    assertThat(progress).endsWith("Fetching package lists of our own");
  }

  @Test
  void fetch_noPackage_saysWhatAptSaidAndWhatToInstall() {
    assertThatThrownBy(
            () -> fetch(folder.resolve("nats-server"), "echo no route; exit 100", UNPACKS_SERVER))
        .isInstanceOf(InfrastructureException.class)
        .hasMessageContaining("fetching it with apt-get failed: no route")
        .hasMessageContaining("apt-get install nats-server")
        .hasMessageContaining("brew install nats-server");
  }

  @Test
  void fetch_packageWithoutServer_saysSo() {
    assertThatThrownBy(
            () -> fetch(folder.resolve("nats-server"), WRITES_PACKAGE, "echo broken; exit 1"))
        .isInstanceOf(InfrastructureException.class)
        .hasMessageContaining("Debian's package does not hold it: broken");
  }

  private Path fetch(Path target, String apt, String dpkg) throws IOException {
    NatsBinary.DebianTools tools =
        new NatsBinary.DebianTools(script("apt-get", apt), script("dpkg", dpkg));
    return NatsBinary.fetch(target, tools, progress::add);
  }

  private Path script(String name, String lines) throws IOException {
    Path script = folder.resolve(name);
    Files.writeString(script, "#!/bin/sh\n" + lines + "\n");
    Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
    return script;
  }
}
