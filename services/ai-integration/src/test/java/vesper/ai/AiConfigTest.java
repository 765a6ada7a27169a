package vesper.ai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import vesper.ai.v1.Tier;
import vesper.runtime.Config;
import vesper.runtime.ConfigException;

class AiConfigTest {
  @Test
  void defaults_areThoseOfTheTiers() {
    AiConfig config = Config.of(Map.of()).read("ai", AiConfig.class);
    assertThat(TierConfig.of(config, Tier.TIER_GOLD).whole()).isEqualTo(Duration.ofMillis(200));
    assertThat(TierConfig.of(config, Tier.TIER_SILVER).firstText())
        .isEqualTo(Duration.ofMillis(1_500));
    assertThat(TierConfig.of(config, Tier.TIER_SILVER).primary()).isEqualTo(Duration.ofMillis(500));
    assertThat(TierConfig.of(config, Tier.TIER_BRONZE).cap()).isEqualTo(8_192);
    assertThat(TierConfig.of(config, Tier.TIER_UNSPECIFIED)).isEqualTo(config.silver());
    assertThat(config.rating()).isEqualTo(Rating.M);
    assertThat(config.markSecret()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "silver.first-text, 7s",
    "silver.whole, 20m",
    "silver.primary, 0ms",
    "gold.output, 17",
    "gold.input, 10",
    "bronze.cap, 9000",
    "bronze.temperature, 2.5",
    "bronze.top-p, 0",
    "stream.tail-chars, 60",
    "stream.hold-chars, 5000",
    "stream.stall, 0ms",
    "route.timeout, 0ms",
    "route.patience, 0ms",
    "backends.connect, 0ms",
    "backends.slots, 0",
    "decisions.queue, 100",
    "decisions.keep, 1d",
    "embed.threads, 1000",
    "rating, x",
  })
  void values_outOfTheirBounds_areRefused(String key, String value) {
    assertThatThrownBy(
            () -> Config.of(Map.of("vesper.ai." + key, value)).read("ai", AiConfig.class))
        .isInstanceOf(ConfigException.class);
  }
}
