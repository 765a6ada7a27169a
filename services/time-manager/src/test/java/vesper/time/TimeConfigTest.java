package vesper.time;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import vesper.runtime.Config;
import vesper.runtime.ConfigException;

class TimeConfigTest {
  @Test
  void nothingGiven_isTheDefaults() {
    TimeConfig config = Config.of(Map.of()).read("time", TimeConfig.class);
    assertThat(config)
        .isEqualTo(
            new TimeConfig(
                48,
                Duration.ofDays(30),
                Duration.ofMillis(500),
                new TimeConfig.Stream(1_000, Duration.ofMillis(50), Duration.ofSeconds(20))));
  }

  @ParameterizedTest
  @CsvSource({
    "catch-up-hours, 0",
    "catch-up-hours, 8761",
    "keep-boundaries, 23h",
    "refresh, 9ms",
    "refresh, 2s",
    "stream.most, 0",
    "stream.gap, 1ms",
    "stream.gap, 2s",
    "stream.still-alive, 999ms"
  })
  void valueOutOfRange_isRefused(String key, String value) {
    Config config = Config.of(Map.of("vesper.time." + key, value));
    assertThatThrownBy(() -> config.read("time", TimeConfig.class))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining(key.substring(key.indexOf('.') + 1));
  }
}
