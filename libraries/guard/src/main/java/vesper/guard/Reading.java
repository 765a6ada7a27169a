package vesper.guard;

import java.util.ArrayList;
import java.util.List;

/// A text as the rules read it: its words without disguise (ai.md GR-6), each with its place in the
/// original.
record Reading(List<Word> words) {
  /// Stands for a character that may be an `i` or an `l`.
  static final char I_OR_L = '\u0001';

  private static final String LEET_DIGITS = "o\u0001\u0000eas\u0000tbg";
  private static final int FEWEST_SPACED_LETTERS = 3;

  static Reading of(String text) {
    return new Reading(List.copyOf(new Reader(Folding.of(text)).words()));
  }

  /// Groups the characters of one text into words.
  private static final class Reader {
    private final List<Cell> cells;
    private final List<Word> words = new ArrayList<>();
    private int sentence;

    Reader(List<Cell> cells) {
      this.cells = cells;
    }

    List<Word> words() {
      int at = 0;
      while (at < cells.size()) {
        int end = tokenEnd(at);
        if (end == at) {
          if (cells.get(at).kind() == Cell.Kind.SENTENCE_END || cells.get(at).letter() == '!') {
            sentence++;
          }
          at++;
        } else {
          int spaced = spacedEnd(at, end);
          add(at, Math.max(end, spaced));
          at = Math.max(end, spaced);
        }
      }
      return words;
    }

    /// Returns the end of the token that begins here, or the place itself when none does.
    private int tokenEnd(int start) {
      int end = start;
      while (end < cells.size() && inWord(start, end)) {
        end++;
      }
      return end;
    }

    private boolean inWord(int start, int at) {
      var cell = cells.get(at);
      return switch (cell.kind()) {
        case LETTER, DIGIT -> true;
        case APOSTROPHE -> at > start && isLetter(at - 1) && isLetter(at + 1);
        case SIGN -> isDisguised(cell, at);
        case SEPARATOR, SENTENCE_END -> false;
      };
    }

    private boolean isDisguised(Cell sign, int at) {
      boolean within = isLetter(at - 1) && isLetter(at + 1);
      return switch (sign.letter()) {
        case '@', '$' -> isLetter(at - 1) || isLetter(at + 1);
        case '!' -> within && (!cells.get(at + 1).upper() || cells.get(at - 1).upper());
        default -> within;
      };
    }

    private boolean isLetter(int at) {
      return at >= 0 && at < cells.size() && cells.get(at).isLetter();
    }

    /// Returns the end of a run of single letters that begins here, each parted from the next by
    /// the same single character.
    private int spacedEnd(int start, int firstEnd) {
      int end = firstEnd;
      int letters = 1;
      if (end != start + 1 || end >= cells.size() || !isLetter(start)) {
        return end;
      }
      char gap = cells.get(end).letter();
      while (isGap(end, gap) && isLetter(end + 1) && tokenEnd(end + 1) == end + 2) {
        end += 2;
        letters++;
      }
      return letters >= FEWEST_SPACED_LETTERS ? end : firstEnd;
    }

    private boolean isGap(int at, char gap) {
      if (at >= cells.size() || cells.get(at).letter() != gap || gap == '\n') {
        return false;
      }
      return switch (cells.get(at).kind()) {
        case SEPARATOR, SENTENCE_END -> true;
        case LETTER, DIGIT, SIGN, APOSTROPHE -> false;
      };
    }

    private void add(int start, int end) {
      boolean word = cells.subList(start, end).stream().anyMatch(Cell::isLetter);
      var letters = new StringBuilder(end - start);
      for (var cell : cells.subList(start, end)) {
        switch (cell.kind()) {
          case LETTER -> letters.append(cell.letter());
          case DIGIT -> letters.append(word ? leet(cell.letter()) : cell.letter());
          case SIGN -> letters.append(sign(cell.letter()));
          case APOSTROPHE, SEPARATOR, SENTENCE_END -> {}
        }
      }
      words.add(
          Word.of(
              letters.toString(), sentence, cells.get(start).start(), cells.get(end - 1).end()));
    }

    private static char leet(char digit) {
      char letter = LEET_DIGITS.charAt(digit - '0');
      return letter == 0 ? digit : letter;
    }

    private static char sign(char sign) {
      return switch (sign) {
        case '@' -> 'a';
        case '$' -> 's';
        default -> I_OR_L;
      };
    }
  }
}
