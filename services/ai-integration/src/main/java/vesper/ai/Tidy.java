package vesper.ai;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/// Makes a model's words fit to be read: without the name of the speaker before them, without white
/// space around them and in rows, without numbers of passages that were not given.
final class Tidy {
  private static final Pattern CITATION = Pattern.compile("\\[\\d{1,2}(?: ?, ?\\d{1,2})*]");
  private static final Pattern CITATION_BEGUN =
      Pattern.compile("\\[(?:\\d{1,2}(?: ?, ?))*\\d{0,2} ?");
  private static final int LONGEST_CITATION = 40;
  private static final String PUNCTUATION = ".,;:!?";

  private final Set<Integer> passages;
  private final TreeSet<Integer> cited = new TreeSet<>();
  private final String label;
  private final StringBuilder opening = new StringBuilder();
  private final StringBuilder citation = new StringBuilder();
  private boolean opened;
  private boolean begun;
  private boolean spaced;
  private boolean broken;
  private boolean cut;
  private int removed;

  /// @param passages numbers that may be cited
  Tidy(String speaker, Set<Integer> passages) {
    this.passages = passages;
    label = speaker + ":";
    opened = speaker.isEmpty();
  }

  /// Returns the words that may go on.
  String accept(String words) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < words.length(); i++) {
      open(words.charAt(i), out);
    }
    return out.toString();
  }

  /// Returns what was held back.
  String finish() {
    StringBuilder out = new StringBuilder();
    if (!opened) {
      opened = true;
      release(opening, out);
    }
    for (int i = 0; i < citation.length(); i++) {
      put(citation.charAt(i), out);
    }
    citation.setLength(0);
    return out.toString();
  }

  /// Numbers of the passages that are cited, ascending.
  List<Integer> cited() {
    return List.copyOf(cited);
  }

  /// How many numbers were taken out.
  int removed() {
    return removed;
  }

  /// Leaves out the speaker's name where the answer begins with it.
  private void open(char next, StringBuilder out) {
    if (opened) {
      cite(next, out);
    } else if (opening.isEmpty() && Character.isWhitespace(next)) {
      spaced = true;
    } else {
      opening.append(next);
      if (!label.startsWith(opening.toString())) {
        opened = true;
        release(opening, out);
      } else if (opening.length() == label.length()) {
        opened = true;
      }
    }
  }

  private void release(StringBuilder held, StringBuilder out) {
    String text = held.toString();
    held.setLength(0);
    for (int i = 0; i < text.length(); i++) {
      cite(text.charAt(i), out);
    }
  }

  /// Leaves out numbers of passages that were not given.
  private void cite(char next, StringBuilder out) {
    if (citation.isEmpty() && next != '[') {
      put(next, out);
      return;
    }
    citation.append(next);
    if (next == ']' && CITATION.matcher(citation).matches()) {
      String kept = kept(citation.substring(1, citation.length() - 1));
      citation.setLength(0);
      cut |= kept.isEmpty();
      for (int i = 0; i < kept.length(); i++) {
        put(kept.charAt(i), out);
      }
    } else if (citation.length() > LONGEST_CITATION
        || !CITATION_BEGUN.matcher(citation).matches()) {
      String text = citation.toString();
      citation.setLength(0);
      boolean again = text.length() > 1 && next == '[';
      int end = again ? text.length() - 1 : text.length();
      for (int i = 0; i < end; i++) {
        put(text.charAt(i), out);
      }
      if (again) {
        citation.append(next);
      }
    }
  }

  private String kept(String numbers) {
    List<Integer> known =
        Arrays.stream(numbers.split(",", -1))
            .map(number -> Integer.parseInt(number.strip()))
            .filter(number -> {
              boolean given = passages.contains(number);
              removed += given ? 0 : 1;
              return given;
            })
            .toList();
    cited.addAll(known);
    return known.isEmpty()
        ? ""
        : "["
            + String.join(", ", known.stream().map(number -> Integer.toString(number)).toList())
            + "]";
  }

  /// Leaves out white space at both ends, and makes one of several.
  private void put(char next, StringBuilder out) {
    if (Character.isWhitespace(next)) {
      spaced = true;
      broken |= next == '\n';
      return;
    }
    if (spaced && begun && !(cut && PUNCTUATION.indexOf(next) >= 0)) {
      out.append(broken ? '\n' : ' ');
    }
    out.append(next);
    begun = true;
    spaced = false;
    broken = false;
    cut = false;
  }
}
