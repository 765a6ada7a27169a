package vesper.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// What every source file of the project keeps to.
class ConventionsTest {
  private static final Path HOME = Path.of(System.getProperty("vesper.home")).toAbsolutePath();
  private static final int LONGEST_FILE = 400;
  private static final Pattern EMPTY_NAME =
      Pattern.compile(
          "(Impl|Manager|Helper|Utils?|Common|Processor)\\.java$|(^|/)(Abstract|Default|Base)[A-Z][A-Za-z]*\\.java$");
  private static final Pattern MARKERS = Pattern.compile("\\b(TODO|FIXME|XXX)\\b|@author\\b");

  /// The classes that may read the environment: the settings loader, and two that run before there
  /// are settings.
  private static final Set<String> READS_ENVIRONMENT =
      Set.of("Environment.java", "Host.java", "TestEnvironment.java", "Config.java");

  @Test
  void mainFiles_haveAtMostFourHundredLines() throws IOException {
    assertThat(breaking(main(), file -> lines(file).size() > LONGEST_FILE)).isEmpty();
  }

  @Test
  void names_saySomething() throws IOException {
    assertThat(breaking(all(), file -> EMPTY_NAME.matcher(file.toString()).find())).isEmpty();
  }

  @Test
  void sources_holdNoMarkers() throws IOException {
    Predicate<Path> marked =
        file ->
            !file.endsWith("ConventionsTest.java")
                && lines(file).stream().anyMatch(line -> MARKERS.matcher(line).find());
    assertThat(breaking(all(), marked)).isEmpty();
  }

  @Test
  void environment_isReadInOnePlaceOnly() throws IOException {
    Predicate<Path> reads =
        file ->
            !READS_ENVIRONMENT.contains(file.getFileName().toString())
                && lines(file).stream().anyMatch(line -> line.contains("System.getenv"));
    assertThat(breaking(main(), reads)).isEmpty();
  }

  @Test
  void tests_neitherSleepNorMock() throws IOException {
    Predicate<Path> sleeps =
        file ->
            !file.endsWith("ConventionsTest.java")
                && lines(file).stream()
                    .anyMatch(
                        line -> line.contains("Thread.sleep") || line.contains("org.mockito"));
    assertThat(breaking(sources("src/test/java"), sleeps)).isEmpty();
  }

  @Test
  void packages_areNullMarked() throws IOException {
    Predicate<Path> unmarked =
        file -> {
          Path info = file.resolveSibling("package-info.java");
          return !Files.exists(info)
              || lines(info).stream().noneMatch(line -> line.startsWith("@NullMarked"));
        };
    assertThat(breaking(main(), unmarked)).isEmpty();
  }

  @Test
  void services_haveOnePublicClass() throws IOException {
    for (Path service : services()) {
      List<String> published =
          main()
              .filter(file -> file.startsWith(service))
              .filter(file ->
                  lines(file).stream()
                      .anyMatch(line ->
                          line.matches(
                              "public (final )?(class|record|enum|(sealed )?interface) .*")))
              .map(file -> file.getFileName().toString())
              .toList();
      assertThat(published).as(service.toString()).hasSize(1);
    }
  }

  private static List<Path> services() throws IOException {
    try (Stream<Path> folders = Files.list(HOME.resolve("services"))) {
      return folders.filter(folder -> Files.exists(folder.resolve("src/main/java"))).toList();
    }
  }

  private static List<String> breaking(Stream<Path> files, Predicate<Path> breaks) {
    return files.filter(breaks).map(file -> HOME.relativize(file).toString()).toList();
  }

  private static Stream<Path> main() throws IOException {
    return sources("src/main/java");
  }

  private static Stream<Path> all() throws IOException {
    return Stream.concat(main(), sources("src/test/java"));
  }

  private static Stream<Path> sources(String folder) throws IOException {
    Stream.Builder<Path> files = Stream.builder();
    for (Path module : TestModules.folders(HOME)) {
      if (Files.isDirectory(module.resolve(folder))) {
        try (Stream<Path> tree = Files.walk(module.resolve(folder))) {
          tree.filter(file -> file.toString().endsWith(".java")).forEach(files);
        }
      }
    }
    return files.build();
  }

  private static List<String> lines(Path file) {
    try {
      return Files.readAllLines(file);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
