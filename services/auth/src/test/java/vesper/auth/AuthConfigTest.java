package vesper.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import vesper.runtime.Config;
import vesper.runtime.ConfigException;

class AuthConfigTest {
  private static AuthConfig read(Map<String, String> more) {
    Map<String, String> settings = new HashMap<>();
    settings.put("vesper.auth.master-secret", AuthHost.MASTER);
    settings.putAll(more);
    return Config.of(settings).read("auth", AuthConfig.class);
  }

  @Test
  void read_withTheSecretOnly_hasTheDefaults() {
    AuthConfig config = read(Map.of());

    assertThat(config.issuer()).isEqualTo("vesper");
    assertThat(config.accessTtl()).isEqualTo(Duration.ofMinutes(15));
    assertThat(config.sessionRules())
        .isEqualTo(
            new SessionRules(
                Duration.ofDays(30),
                Duration.ofDays(90),
                Duration.ofDays(180),
                Duration.ofSeconds(10)));
    assertThat(config.keyRotation()).isEqualTo(Duration.ofDays(30));
    assertThat(config.loginRules())
        .isEqualTo(
            new LoginRules(new LoginGuard(5, Duration.ofMinutes(15), Duration.ofMinutes(15)), 4));
    assertThat(config.toString()).doesNotContain(AuthHost.MASTER);
  }

  @Test
  void read_withoutTheSecret_fails() {
    assertThatThrownBy(() -> Config.of(Map.of()).read("auth", AuthConfig.class))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("vesper.auth.master-secret");
  }

  @ParameterizedTest
  @CsvSource({
    "master-secret, too short",
    "issuer, two words",
    "issuer, iiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiii",
    "access-ttl, 0s",
    "access-ttl, 61m",
    "refresh-idle, 15m",
    "refresh-absolute, 29d",
    "refresh-absolute-guest, 29d",
    "reuse-grace, 61s",
    "key-rotation, 47h",
    "hashes-at-once, 0",
    "hashes-at-once, 65",
    "guard.failures, 0",
    "guard.failures, 101",
    "guard.window, 0s",
    "guard.lock, 0s"
  })
  void read_ofAValueOutOfRange_fails(String key, String value) {
    assertThatThrownBy(() -> read(Map.of("vesper.auth." + key, value)))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining(key);
  }
}
