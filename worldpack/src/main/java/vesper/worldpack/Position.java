package vesper.worldpack;

import java.util.Optional;
import org.snakeyaml.engine.v2.exceptions.Mark;

/// A place in a file, both counted from 1.
record Position(int line, int column) {
  /// The first character of a file.
  static final Position START = new Position(1, 1);

  static Position of(Optional<Mark> mark) {
    return mark.map(m -> new Position(m.getLine() + 1, m.getColumn() + 1)).orElse(START);
  }
}
