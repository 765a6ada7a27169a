package vesper.guard;

import com.ibm.icu.lang.UCharacter;
import com.ibm.icu.lang.UProperty;
import com.ibm.icu.text.Normalizer2;
import com.ibm.icu.text.SpoofChecker;
import java.util.ArrayList;
import java.util.List;

/// Takes the disguise off single characters: compatibility forms, accents, invisible characters and
/// letters of other scripts that look like Latin ones.
final class Folding {
  private static final Normalizer2 NFKC_FOLDED = Normalizer2.getNFKCCasefoldInstance();
  private static final Normalizer2 NFD = Normalizer2.getNFDInstance();
  private static final SpoofChecker LOOKS =
      new SpoofChecker.Builder().setChecks(SpoofChecker.CONFUSABLE).build();
  private static final String SENTENCE_ENDS = ".!?\n。";
  private static final String APOSTROPHES = "'\u2018\u2019\u02bc`";
  private static final String SIGNS = "@$!|";

  private Folding() {}

  /// Returns the characters that are left, in order. Invalid UTF-16 is read as U+FFFD.
  static List<Cell> of(String text) {
    List<Cell> cells = new ArrayList<>(text.length());
    int at = 0;
    while (at < text.length()) {
      int end = segmentEnd(text, at);
      if (end == at + 1 && text.charAt(at) < 0x80) {
        char c = text.charAt(at);
        boolean upper = c >= 'A' && c <= 'Z';
        cells.add(cell(upper ? (char) (c + 32) : c, upper, at, end));
      } else {
        fold(text.substring(at, end), at, end, cells);
      }
      at = end;
    }
    return cells;
  }

  /// Returns where the next part begins that is normalised by itself.
  private static int segmentEnd(String text, int start) {
    int at = start + Character.charCount(text.codePointAt(start));
    while (at < text.length()) {
      int next = text.codePointAt(at);
      if (next < 0x80 || NFKC_FOLDED.hasBoundaryBefore(next)) {
        break;
      }
      at += Character.charCount(next);
    }
    return at;
  }

  private static void fold(String segment, int start, int end, List<Cell> cells) {
    boolean upper = Character.isUpperCase(segment.codePointAt(0));
    var capital = upper ? latin(segment) : "";
    var folded = capital.isEmpty() ? NFD.normalize(NFKC_FOLDED.normalize(segment)) : capital;
    folded
        .codePoints()
        .filter(c -> !isMark(c))
        .forEach(c -> {
          var letters = c < 0x80 ? Character.toString(c) : looksLike(c);
          for (int i = 0; i < letters.length(); i++) {
            cells.add(cell(letters.charAt(i), upper, start, end));
          }
        });
  }

  /// Returns the small letter that a capital of another script looks like, or nothing.
  private static String latin(String capital) {
    var skeleton = LOOKS.getSkeleton(capital);
    char c = skeleton.isEmpty() ? 0 : skeleton.charAt(0);
    boolean plain = skeleton.length() == 1 && c < 0x80 && Character.isLetter(c) && c != 'l';
    return plain ? String.valueOf(Character.toLowerCase(c)) : "";
  }

  private static String looksLike(int c) {
    if (isSentenceEnd(c) || isApostrophe(c)) {
      return Character.toString(c);
    }
    var letter = Character.toString(c);
    var skeleton = LOOKS.getSkeleton(letter);
    if (skeleton.equals("l")) {
      return String.valueOf(Reading.I_OR_L);
    }
    boolean latin = !skeleton.isEmpty() && skeleton.chars().allMatch(s -> s >= 'A' && s <= 'z');
    if (latin) {
      return UCharacter.toLowerCase(skeleton);
    }
    return Character.isBmpCodePoint(c) ? letter : "\ufffd";
  }

  private static Cell cell(char c, boolean upper, int start, int end) {
    Cell.Kind kind;
    if (c == Reading.I_OR_L || (c >= 'a' && c <= 'z')) {
      kind = Cell.Kind.LETTER;
    } else if (c >= '0' && c <= '9') {
      kind = Cell.Kind.DIGIT;
    } else if (SIGNS.indexOf(c) >= 0) {
      kind = Cell.Kind.SIGN;
    } else if (isApostrophe(c)) {
      kind = Cell.Kind.APOSTROPHE;
    } else if (isSentenceEnd(c)) {
      kind = Cell.Kind.SENTENCE_END;
    } else {
      kind = Character.isLetterOrDigit(c) ? Cell.Kind.LETTER : Cell.Kind.SEPARATOR;
    }
    return new Cell(c, kind, upper, start, end);
  }

  private static boolean isMark(int c) {
    int type = UCharacter.getType(c);
    return type == UCharacter.NON_SPACING_MARK
        || type == UCharacter.ENCLOSING_MARK
        || type == UCharacter.FORMAT
        || UCharacter.hasBinaryProperty(c, UProperty.DEFAULT_IGNORABLE_CODE_POINT);
  }

  private static boolean isApostrophe(int c) {
    return APOSTROPHES.indexOf(c) >= 0;
  }

  private static boolean isSentenceEnd(int c) {
    return SENTENCE_ENDS.indexOf(c) >= 0;
  }
}
