package vesper.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigTest {
  enum Mode {
    FAST,
    VERY_SLOW
  }

  record Inner(@Setting("10") int size, @Setting("") Secret password) {}

  record All(
      @Setting("a text") String text,
      @Setting("true") boolean flag,
      @Setting("7") int pageSize,
      @Setting("8000000000") long big,
      @Setting("0.5") double ratio,
      @Setting("15m") Duration ttl,
      @Setting("64KiB") Bytes limit,
      @Setting("data/x") Path folder,
      @Setting("nats://localhost:4222") URI server,
      @Setting("very-slow") Mode mode,
      @Setting("a, b") List<String> names,
      Optional<Duration> grace,
      Inner inner) {}

  record Needed(String name, Secret key) {}

  record Checked(@Setting("1") int count) {
    Checked {
      if (count > 5) {
        throw new IllegalArgumentException("count must be at most 5");
      }
    }
  }

  @TempDir Path folder;

  @Test
  void orElse_isTakenOnlyWhereNobodyGaveAValue() {
    Config given = Config.of(Map.of("vesper.probe.text", "given"));

    Config more =
        given
            .orElse("vesper.probe.text", () -> "made up")
            .orElse("vesper.probe.page-size", () -> "9");

    assertThat(more.read("probe", All.class).text()).isEqualTo("given");
    assertThat(more.read("probe", All.class).pageSize()).isEqualTo(9);
  }

  @Test
  void read_nothingGiven_takesDefaults() {
    All all = Config.of(Map.of()).read("probe", All.class);

    assertThat(all)
        .isEqualTo(
            new All(
                "a text",
                true,
                7,
                8_000_000_000L,
                .5,
                Duration.ofMinutes(15),
                new Bytes(65_536),
                Path.of("data/x"),
                URI.create("nats://localhost:4222"),
                Mode.VERY_SLOW,
                List.of("a", "b"),
                Optional.empty(),
                new Inner(10, new Secret(""))));
  }

  @Test
  void read_severalSources_flagBeatsEnvironmentBeatsFile() throws IOException {
    Path file =
        write(
            """
            vesper:
              probe:
                text: file
                page-size: 1
                big: 1
                names: [x, y]
                inner: {size: 3}
              probe.grace: 5s
            """);
    Map<String, String> environment =
        Map.of(
            "VESPER_PROBE_PAGE_SIZE", "2",
            "VESPER_PROBE_BIG", "2",
            "VESPER_PROBE_INNER_PASSWORD", "hidden",
            "PATH", "/bin");

    Config config = Config.load(Map.of("vesper.probe.big", "3"), environment, file);
    config.check(Map.of("probe", List.of(All.class)));
    All all = config.read("probe", All.class);

    assertThat(all.text()).isEqualTo("file");
    assertThat(all.pageSize()).isEqualTo(2);
    assertThat(all.big()).isEqualTo(3);
    assertThat(all.names()).containsExactly("x", "y");
    assertThat(all.grace()).contains(Duration.ofSeconds(5));
    assertThat(all.inner()).isEqualTo(new Inner(3, new Secret("hidden")));
    assertThat(all.toString()).doesNotContain("hidden").contains("***");
  }

  @ParameterizedTest
  @CsvSource({
    "flag, yes, true or false",
    "page-size, 9999999999, a whole number",
    "big, 1.5, a whole number",
    "ratio, NaN, a number",
    "ttl, 15, 'a duration such as 500ms, 30s, 15m, 24h or 7d'",
    "ttl, -1s, 'a duration such as 500ms, 30s, 15m, 24h or 7d'",
    "limit, 64K, 'a size such as 512B, 64KiB or 8GiB'",
    "limit, 999999999999GiB, 'a size such as 512B, 64KiB or 8GiB'",
    "server, 'a b', a URI",
    "mode, FAST, 'one of fast, very-slow'",
    "grace, soon, 'a duration such as 500ms, 30s, 15m, 24h or 7d'",
    "inner.size, x, a whole number"
  })
  void check_badValue_namesKeyValueAndForm(String key, String value, String expected) {
    Config config = Config.of(Map.of("vesper.probe." + key, value));

    assertThat(problems(config, All.class))
        .containsExactly(
            "vesper.probe.%s = '%s' (flag): expected %s".formatted(key, value, expected));
  }

  @Test
  void check_manyProblems_tellsThemAtOnce() throws IOException {
    Path file =
        write(
            """
            vesper:
              probe:
                pagesize: 5
                text: a
                text: b
              elsewhere.thing: 1
            """);
    Config config =
        Config.load(Map.of("vesper.probe.count", "9"), Map.of("VESPER_PROBE_PAGE_SIZ", "1"), file);

    ConfigException thrown =
        catchThrowableOfType(
            ConfigException.class,
            () -> config.check(Map.of("probe", List.of(All.class, Needed.class, Checked.class))));

    assertThat(thrown.problems())
        .containsExactlyInAnyOrder(
            "vesper.yaml:5: vesper.probe.text is given again, first at vesper.yaml:4",
            "vesper.probe.name: must be given: a text",
            "vesper.probe.key: must be given: a secret text",
            "vesper.probe: count must be at most 5",
            "vesper.probe.pagesize = '5' (vesper.yaml:3): no such setting; did you mean"
                + " 'vesper.probe.page-size'?",
            "vesper.elsewhere.thing = *** (vesper.yaml:6): no such setting",
            "VESPER_PROBE_PAGE_SIZ = '1' (environment): no such setting; did you mean"
                + " 'VESPER_PROBE_PAGE_SIZE'?");
    assertThat(thrown).hasMessageContaining("vesper.probe.name");
  }

  @Test
  void check_misspeltSecret_keepsItsValueToItself() {
    assertThat(problems(Config.of(Map.of("vesper.probe.inner.pasword", "hush")), All.class))
        .containsExactly(
            "vesper.probe.inner.pasword = *** (flag): no such setting; did you mean"
                + " 'vesper.probe.inner.password'?");
  }

  @Test
  void check_foreignDomain_isLeftToItsOwner() {
    Config config =
        Config.load(
                Map.of("vesper.other.key", "1"),
                Map.of("VESPER_OTHER_KEY", "1", "VESPER_HOME", "/opt"),
                folder.resolve("absent.yaml"))
            .withForeign(Set.of("other"));

    config.check(Map.of("probe", List.of(All.class)));
  }

  @Test
  void check_fileThatIsNotYaml_namesTheLine() throws IOException {
    Config config = Config.load(Map.of(), Map.of(), write("vesper:\n  - [\n"));

    assertThat(problems(config, All.class))
        .singleElement()
        .asString()
        .startsWith("vesper.yaml:3: not YAML: ");
  }

  private static List<String> problems(Config config, Class<? extends Record> type) {
    return catchThrowableOfType(
            ConfigException.class, () -> config.check(Map.of("probe", List.of(type))))
        .problems();
  }

  private Path write(String yaml) throws IOException {
    return Files.writeString(folder.resolve("vesper.yaml"), yaml);
  }
}
