package vesper.infrastructure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NatsServerTest {
  @TempDir Path data;

  @Test
  void start_letsOnlyItsUserIn() throws IOException {
    try (NatsServer server = start(NatsSettings.disposable(data))) {
      String password = server.url().getUserInfo().split(":", 2)[1];
      assertThat(NatsProbe.answers(server.port(), "vesper", password)).isTrue();
      assertThat(NatsProbe.answers(server.port(), "vesper", "wrong")).isFalse();
      assertThat(NatsServer.answers(server.url())).isTrue();
      assertThat(NatsServer.answers(server.url("other"))).isFalse();
      assertThat(NatsServer.answers(URI.create("nats://127.0.0.1:" + server.port()))).isFalse();
      assertThat(server.isAlive()).isTrue();
      assertThat(server.process().find()).isPresent();
      assertThat(server.toString()).doesNotContain(password);
      assertThat(Files.readString(server.log())).contains("Server is ready");
      for (String secret : List.of("password", "nats-server.conf")) {
        assertThat(
                PosixFilePermissions.toString(
                    Files.getPosixFilePermissions(data.resolve("nats").resolve(secret))))
            .isEqualTo("rw-------");
      }
    }
  }

  @Test
  void start_portTaken_takesAFreeOne() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        NatsServer server = start(NatsSettings.disposable(data).withPort(taken.getLocalPort()))) {
      assertThat(server.port()).isNotEqualTo(taken.getLocalPort());
    }
  }

  @Test
  void start_wishedPortFree_takesIt() {
    int port = Ports.free();
    try (NatsServer server = start(NatsSettings.disposable(data).withPort(port))) {
      assertThat(server.port()).isEqualTo(port);
    }
  }

  @Test
  void start_givenBinaryAbsent_namesIt() {
    NatsSettings settings = NatsSettings.disposable(data).withBinary(data.resolve("absent"));
    assertThatThrownBy(() -> start(settings))
        .isInstanceOf(InfrastructureException.class)
        .hasMessage(
            "The given nats-server "
                + data.resolve("absent")
                + " does not exist or is not executable");
  }

  @Test
  void start_givenBinaryOfAnotherKind_saysWhatItPrinted() {
    NatsSettings settings = NatsSettings.disposable(data).withBinary(Path.of("/bin/true"));
    assertThatThrownBy(() -> start(settings))
        .isInstanceOf(InfrastructureException.class)
        .hasMessageContaining("/bin/true does not behave like a nats-server");
  }

  @Test
  void start_givenBinaryTooOld_saysWhichIsNeeded() throws IOException {
    Path old = data.resolve("old-server");
    Files.writeString(old, "#!/bin/sh\necho nats-server: v2.8.4\n");
    Files.setPosixFilePermissions(old, PosixFilePermissions.fromString("rwx------"));
    assertThatThrownBy(() -> start(NatsSettings.disposable(data).withBinary(old)))
        .isInstanceOf(InfrastructureException.class)
        .hasMessageEndingWith("(nats-server: v2.8.4); nats-server 2.9 or newer is needed");
  }

  @Test
  void close_interruptedThread_stopsAllTheSame() {
    NatsServer server = start(NatsSettings.disposable(data));
    Thread.currentThread().interrupt();
    server.close();
    assertThat(Thread.interrupted()).isTrue();
    assertThat(server.isAlive()).isFalse();
  }

  @Test
  void start_folderInUse_refuses() {
    NatsSettings settings = NatsSettings.disposable(data);
    try (NatsServer server = start(settings)) {
      assertThatThrownBy(() -> start(settings))
          .isInstanceOf(InfrastructureException.class)
          .hasMessageContaining("is in use by another running Vesper");
      assertThat(server.isAlive()).isTrue();
    }
  }

  @Test
  void close_stopsTheProcess() {
    NatsServer server = start(NatsSettings.disposable(data));
    server.close();
    server.close();
    assertThat(server.isAlive()).isFalse();
    assertThat(server.process().find()).isEmpty();
  }

  @Test
  void start_withAccounts_eachHasItsUser() {
    NatsSettings settings = NatsSettings.disposable(data).withAccounts(List.of("auth", "gateway"));
    try (NatsServer server = start(settings)) {
      String password = server.url().getUserInfo().split(":", 2)[1];
      assertThat(server.url("gateway").getUserInfo()).isEqualTo("gateway:" + password);
      assertThat(NatsProbe.answers(server.port(), "auth", password)).isTrue();
      assertThat(NatsProbe.answers(server.port(), "gateway", password)).isTrue();
      assertThat(NatsProbe.answers(server.port(), "vesper", password)).isFalse();
    }
  }

  private static NatsServer start(NatsSettings settings) {
    return NatsServer.start(settings, new ArrayList<String>()::add);
  }
}
