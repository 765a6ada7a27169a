package vesper.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ConventionsTest {
  private static final Path SOURCES = Path.of("src/main/java");

  @Test
  void environment_isReadByOneClass() throws IOException {
    assertThat(files())
        .filteredOn(file -> text(file).contains("System.getenv"))
        .extracting(file -> String.valueOf(file.getFileName()))
        .containsExactly("Config.java");
  }

  @Test
  void files_areAtMost400Lines() throws IOException {
    assertThat(files())
        .allSatisfy(file -> assertThat(text(file).lines().count()).isLessThanOrEqualTo(400));
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static List<Path> files() throws IOException {
    try (Stream<Path> files = Files.walk(SOURCES)) {
      return files.filter(file -> file.toString().endsWith(".java")).toList();
    }
  }
}
