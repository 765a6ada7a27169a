package vesper.prompt;

import java.util.List;

/// The lines of one section, of which as many are told as fit, from the first on.
final class Items {
  private final Section.Kind kind;
  private final String heading;
  private final List<String> lines;
  private final TokenCounter counter;
  private int taken;
  private int tokens;

  /// @param lines the most needed first, each with its end of line
  Items(Section.Kind kind, String heading, List<String> lines, TokenCounter counter) {
    this.kind = kind;
    this.heading = heading;
    this.lines = lines;
    this.counter = counter;
  }

  /// Takes more lines while all that is taken has at most a number of tokens.
  void take(int most) {
    while (taken < lines.size()) {
      int next = counter.count(text(taken + 1, false));
      if (next > most) {
        return;
      }
      taken++;
      tokens = next;
    }
  }

  int tokens() {
    return tokens;
  }

  int left() {
    return lines.size() - taken;
  }

  Section section(boolean newestLast) {
    return new Section(kind, text(taken, newestLast), tokens);
  }

  private String text(int count, boolean reversed) {
    if (count == 0) {
      return "";
    }
    List<String> told = lines.subList(0, count);
    return heading + "\n" + String.join("", reversed ? told.reversed() : told) + "\n";
  }
}
