package vesper.guard;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;

/// The labelled lines of the tests.
final class Lines {

  /// A line and what is to be found in it; the label is empty where the file has none.
  record Labelled(String label, String text) {}

  private Lines() {}

  static List<Labelled> of(String name) {
    try (InputStream in = Objects.requireNonNull(Lines.class.getResourceAsStream(name))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .map(Lines::labelled)
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Labelled labelled(String line) {
    var parts = line.split(" \\| ", 2);
    return parts.length == 1
        ? new Labelled("", line)
        : new Labelled(parts[0], parts[1].replace("\\n", "\n"));
  }
}
