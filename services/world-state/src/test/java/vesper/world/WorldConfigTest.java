package vesper.world;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import vesper.runtime.Config;
import vesper.runtime.ConfigException;

class WorldConfigTest {
  @Test
  void read_nothingGiven_isTheDefaults() {
    WorldConfig config = Config.of(Map.of()).read("world", WorldConfig.class);
    assertThat(config.keepChanges()).isEqualTo(Duration.ofDays(30));
    assertThat(config.maxEntities()).isEqualTo(250_000);
    assertThat(config.maxFlags()).isEqualTo(10_000);
    assertThat(config.watch())
        .isEqualTo(
            new WorldConfig.Watch(
                1_000,
                4_096,
                Duration.ofMillis(150),
                Duration.ofSeconds(5),
                Duration.ofMinutes(5),
                10_000));
  }

  @ParameterizedTest
  @CsvSource({
    "keep-changes, 23h",
    "max-entities, 0",
    "max-flags, 0",
    "watch.most, 0",
    "watch.pending, 0",
    "watch.poll, 9ms",
    "watch.poll, 1001ms",
    "watch.still-alive, 99ms",
    "watch.resume, 999ms",
    "watch.resume-changes, 0",
    "watch.resume-changes, 100001"
  })
  void read_outOfRange_isRefused(String key, String value) {
    Config config = Config.of(Map.of("vesper.world." + key, value));
    assertThatThrownBy(() -> config.read("world", WorldConfig.class))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining(key.substring(key.indexOf('.') + 1));
  }
}
