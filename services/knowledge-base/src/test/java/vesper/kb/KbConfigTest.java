package vesper.kb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import vesper.retrieval.ChunkSizes;
import vesper.retrieval.RankingRules;
import vesper.runtime.Config;
import vesper.runtime.ConfigException;

class KbConfigTest {
  private static KbConfig read(Map<String, String> settings) {
    return Config.of(settings).read("kb", KbConfig.class);
  }

  @Test
  void defaults_areTheUsualRules() {
    var config = read(Map.of());

    assertThat(config.chunk().toChunkSizes()).isEqualTo(ChunkSizes.USUAL);
    assertThat(config.rankingRules()).isEqualTo(RankingRules.USUAL);
    assertThat(config.refresh()).isEqualTo(Duration.ofSeconds(1));
    assertThat(config.batch()).isEqualTo(32);
    assertThat(config.queryPatience()).isEqualTo(Duration.ofMillis(60));
  }

  @ParameterizedTest
  @CsvSource({
    "chunk.target, 500",
    "chunk.target, 10",
    "chunk.max, 481",
    "chunk.min, 301",
    "chunk.overlap, 300",
    "rrf-k, 0",
    "candidates, 49",
    "exact-below, 99",
    "refresh, 1ms",
    "batch, 257",
    "query-patience, 251ms"
  })
  void badValue_isRefused(String key, String value) {
    assertThatThrownBy(() -> read(Map.of("vesper.kb." + key, value)))
        .isInstanceOf(ConfigException.class);
  }
}
