package vesper.airouter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import vesper.airouter.Backend.Place;
import vesper.routing.Affinity;
import vesper.routing.Endpoint.Standing;
import vesper.routing.HealthRules;
import vesper.routing.Tier;
import vesper.routing.TierRules;
import vesper.runtime.ConfigException;

class AiRouterConfigTest {
  @Test
  void nothingGiven_isTheSpecifiedRulesAndNoEndpoint() {
    AiRouterConfig config = Settings.read();
    assertThat(config.band().rules()).isEqualTo(TierRules.STANDARD);
    assertThat(config.affinity().rules()).isEqualTo(Affinity.STANDARD);
    assertThat(config.breaker().rules()).isEqualTo(HealthRules.STANDARD);
    assertThat(Backend.named(config)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://127.0.0.1:8080/v1",
        "http://localhost:8080",
        "http://[::1]:8080",
        "https://10.1.2.3",
        "http://172.16.0.1",
        "http://172.31.255.255",
        "http://192.168.1.7:11434",
        "http://169.254.1.1",
        "http://[fd12:3456::1]:8000",
        "http://[fe80::1]:8000",
        "http://[::ffff:10.0.0.1]:8000",
      })
  void privateServer_isFree(String url) {
    Backend backend = Backend.named(Settings.read("llm.url", url)).getFirst();
    assertThat(backend.place())
        .isInstanceOfSatisfying(Place.Server.class, server -> assertThat(server.paid()).isFalse());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://8.8.8.8/v1",
        "http://172.32.0.1",
        "http://100.64.0.1",
        "http://[2001:4860:4860::8888]/v1",
        "http://[::ffff:8.8.8.8]/v1",
        "http://134744072/",
      })
  void publicServer_isRefusedUnlessAllowed(String url) {
    for (String key : List.of("llm", "gold", "silver", "bronze", "ollama")) {
      assertThatThrownBy(() -> Settings.read(key + ".url", url))
          .isInstanceOf(ConfigException.class)
          .hasMessageContaining(key + ".url: " + url)
          .hasMessageContaining("--allow-paid");
    }
    Backend backend = Backend.named(Settings.read("llm.url", url, "allow-paid", "true")).getFirst();
    assertThat(backend.place())
        .isInstanceOfSatisfying(Place.Server.class, server -> assertThat(server.paid()).isTrue());
  }

  @Test
  void hostWithoutAnAddress_isNotTrusted() {
    AiRouterConfig config = Settings.read("llm.url", "http://models.invalid/v1");
    assertThat(Backend.named(config).getFirst().place())
        .isInstanceOfSatisfying(Place.Server.class, server -> assertThat(server.paid()).isTrue());
  }

  @ParameterizedTest
  @CsvSource({
    "llm.url, ftp://127.0.0.1/",
    "llm.url, http:///v1",
    "llm.url, http://user:word@127.0.0.1/",
    "llm.url, http://127.0.0.1/?key=1",
    "llm.model, m",
    "llm.key-env, KEY",
    "llm.slots, 0",
    "llm.context, -1",
    "gguf.slots, 0",
    "gguf.context, -1",
    "ollama.url, file:///x",
    "ollama.look, 0s",
    "band.low, 0.6",
    "affinity.c, 0.5",
    "probe.every, 0s",
    "probe.limit, 0s",
    "breaker.least, 21",
    "target.gold, 0s",
    "target.silver, 0s",
  })
  void wrongValues_stopTheStart(String key, String value) {
    assertThatThrownBy(() -> Settings.read(key, value))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("vesper.airouter");
  }

  @Test
  void keyVariable_isAName() {
    assertThatThrownBy(() -> Settings.read("llm.url", "http://127.0.0.1", "llm.key-env", "a b"))
        .hasMessageContaining("key-env");
  }

  @Test
  void oneServer_servesAllTiers() {
    Backend llm =
        Backend.named(
                Settings.read(
                    "llm.url", "http://127.0.0.1:8080",
                    "llm.model", "m7",
                    "llm.key-env", "KEY",
                    "llm.context", "4096",
                    "llm.slots", "3"))
            .getFirst();
    assertThat(llm)
        .isEqualTo(
            new Backend(
                "llm",
                new Place.Server(URI.create("http://127.0.0.1:8080/v1"), false, false),
                "m7",
                "KEY",
                Set.of(Tier.values()),
                4_096,
                3,
                Standing.NAMED));
    assertThat(llm.isDemo()).isFalse();
    assertThat(llm.endpoint().contextTokens()).isEqualTo(4_096);
  }

  @Test
  void serverOfATier_takesItFromTheOne() {
    List<Backend> named =
        Backend.named(
            Settings.read(
                "llm.url", "http://127.0.0.1:1/api/",
                "silver.url", "http://127.0.0.1:2/v1/"));
    assertThat(named).extracting(Backend::id).containsExactlyInAnyOrder("llm", "silver");
    assertThat(named)
        .extracting(Backend::tiers)
        .containsExactlyInAnyOrder(Set.of(Tier.GOLD, Tier.BRONZE), Set.of(Tier.SILVER));
    assertThat(named)
        .extracting(backend -> ((Place.Server) backend.place()).url().getPath())
        .containsExactlyInAnyOrder("/api", "/v1");
    List<Backend> apart =
        Backend.named(
            Settings.read(
                "llm.url", "http://127.0.0.1:1",
                "gold.url", "http://127.0.0.1:2",
                "silver.url", "http://127.0.0.1:3",
                "bronze.url", "http://127.0.0.1:4"));
    assertThat(apart).extracting(Backend::id).containsExactlyInAnyOrder("gold", "silver", "bronze");
  }

  @Test
  void smallContext_makesADemo() {
    Backend file =
        Backend.named(Settings.read("gguf.file", "/models/x.gguf", "gguf.context", "2047"))
            .getFirst();
    assertThat(file.isDemo()).isTrue();
    assertThat(file.endpoint().standing()).isEqualTo(Standing.DEMO);
    assertThat(Backend.named(Settings.read("gguf.file", "/x", "gguf.context", "2048")).getFirst())
        .satisfies(able -> assertThat(able.isDemo()).isFalse());
    assertThat(Backend.named(Settings.read("gguf.file", "/x")).getFirst().isDemo()).isFalse();
  }

  @Test
  void target_isThatOfTheTiers() {
    AiRouterConfig config =
        Settings.read(
            "gold.url", "http://127.0.0.1:1",
            "silver.url", "http://127.0.0.1:2",
            "bronze.url", "http://127.0.0.1:3");
    for (Backend backend : Backend.named(config)) {
      HealthRules rules = backend.healthRules(HealthRules.STANDARD, config.target());
      switch (backend.id()) {
        case "gold" -> assertThat(rules.target()).contains(Duration.ofMillis(60));
        case "silver" -> assertThat(rules.target()).contains(Duration.ofMillis(750));
        default -> assertThat(rules.target()).isEmpty();
      }
    }
  }
}
