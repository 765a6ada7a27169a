package vesper.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import vesper.infrastructure.NatsServer;
import vesper.infrastructure.NatsSettings;
import vesper.infrastructure.Ports;

class TestEnvironmentTest {
  @Test
  void module_isTheFoldersName() {
    assertThat(TestEnvironment.module(Path.of("/src/vesper/services/time-manager")))
        .isEqualTo("time-manager");
    assertThat(TestEnvironment.module(Path.of("/src/My_World"))).isEqualTo("my-world");
    assertThat(TestEnvironment.module(Path.of("/"))).isEqualTo("tests");
  }

  @Test
  void withUser_keepsPasswordAndAddress() {
    assertThat(SharedServers.withUser(URI.create("nats://auth:secret@127.0.0.1:4333"), "gateway"))
        .isEqualTo(URI.create("nats://gateway:secret@127.0.0.1:4333"));
  }

  @Test
  void withUser_withoutPassword_saysTheForm() {
    assertThatThrownBy(() -> SharedServers.withUser(URI.create("nats://127.0.0.1:4333"), "auth"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("VESPER_TEST_NATS_URL must be nats://USER:PASSWORD@HOST:PORT");
  }

  @Test
  void databaseServer_readsTheUrl() {
    DatabaseServer server =
        DatabaseServer.of("jdbc:postgresql://127.0.0.1:5433/vesper?user=vesper&password=secret");
    assertThat(server).isEqualTo(new DatabaseServer("127.0.0.1", 5433, "vesper", "secret"));
    assertThat(server).hasToString("127.0.0.1:5433");
  }

  @Test
  void databaseServer_withoutPassword_saysTheForm() {
    assertThatThrownBy(() -> DatabaseServer.of("jdbc:postgresql://127.0.0.1:5433/vesper"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("VESPER_TEST_DB_URL must be jdbc:postgresql://HOST:PORT/DATABASE");
  }

  @Test
  void check_userUnknown_saysWhichAccountIsMissing(@TempDir Path data) {
    NatsSettings settings = NatsSettings.disposable(data).withAccounts(List.of("auth"));
    try (NatsServer server = NatsServer.start(settings, _ -> {})) {
      SharedServers.check(server.url("auth"));
      assertThatThrownBy(() -> SharedServers.check(server.url("gateway")))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("has no account with the user");
    }
  }

  @Test
  void check_nobodyListens_saysSo() {
    URI url = URI.create("nats://auth:secret@127.0.0.1:" + Ports.free());
    assertThatThrownBy(() -> SharedServers.check(url))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("does not answer");
  }

  @Test
  void programLine_keepsOurSettingsFromTheSystem() {
    Map<String, String> environment = new HashMap<>(Map.of("VESPER_TEST_DB_URL", "x", "HOME", "y"));
    ProgramLine.withoutOurSettings(environment);
    assertThat(environment).containsExactly(Map.entry("HOME", "y"));
  }
}
