package vesper.infrastructure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NatsConfigTest {
  private static final NatsVersion CURRENT = new NatsVersion(2, 10);
  private static final NatsSettings DURABLE = NatsSettings.in(Path.of("/data \"quoted\""));

  @Test
  void text_durable_isTheWholeConfiguration() {
    assertThat(NatsConfig.text(DURABLE, CURRENT, 4222, "secret"))
        .isEqualTo(
            """
            server_name: "vesper"
            listen: "127.0.0.1:4222"
            pid_file: "/data \\"quoted\\"/nats/pid"
            max_payload: 1048576
            jetstream {
              store_dir: "/data \\"quoted\\"/nats/store"
              sync_interval: always
            }
            authorization { user: "vesper", password: "secret" }
            """);
  }

  @ParameterizedTest
  @CsvSource({"2, 9, false", "2, 10, true", "2, 15, true", "3, 0, true", "1, 20, false"})
  void text_durable_syncsAlwaysWhereTheServerCan(int major, int minor, boolean expected) {
    String text = NatsConfig.text(DURABLE, new NatsVersion(major, minor), 4222, "secret");
    assertThat(text.contains("sync_interval: always")).isEqualTo(expected);
  }

  @Test
  void text_disposable_neverSyncsAlways() {
    NatsSettings disposable = NatsSettings.disposable(Path.of("/data"));
    assertThat(NatsConfig.text(disposable, CURRENT, 4222, "secret")).doesNotContain("sync");
  }

  @Test
  void text_accounts_giveEachJetStreamAndAUser() {
    NatsSettings settings = DURABLE.withAccounts(List.of("auth", "time-manager"));
    assertThat(NatsConfig.text(settings, CURRENT, 4222, "secret"))
        .endsWith(
            """
            accounts {
              "auth" { jetstream: enabled, users: [ { user: "auth", password: "secret" } ] }
              "time-manager" { jetstream: enabled, users: [ { user: "time-manager", password: "secret" } ] }
            }
            """)
        .doesNotContain("authorization");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "Auth", "a b", "-a", "a\"b", "$SYS"})
  void withAccounts_badName_isRefused(String name) {
    assertThatThrownBy(() -> DURABLE.withAccounts(List.of(name)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("accounts");
  }

  @Test
  void withAccounts_tooMany_areRefused() {
    assertThatThrownBy(() -> DURABLE.withAccounts(Collections.nCopies(257, "a")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("accounts must be at most 256");
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 65536})
  void withPort_outOfRange_isRefused(int port) {
    assertThatThrownBy(() -> DURABLE.withPort(port))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("port must be 0 to 65535");
    assertThatThrownBy(() -> PostgresSettings.in(Path.of("/data")).withPort(port))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("port must be 0 to 65535");
  }
}
