package vesper.retrieval;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.commonmark.node.AbstractVisitor;
import org.commonmark.node.Code;
import org.commonmark.node.Document;
import org.commonmark.node.Heading;
import org.commonmark.node.Node;
import org.commonmark.node.Text;
import org.commonmark.parser.IncludeSourceSpans;
import org.commonmark.parser.Parser;

/// Takes a Markdown document apart at its headings.
public final class Sections {
  private static final int LONGEST_SLUG = 100;
  private static final Pattern UNSPOKEN = Pattern.compile("['’`]");
  private static final Pattern BETWEEN_WORDS = Pattern.compile("[^\\p{L}\\p{N}]+");
  private static final Pattern OUTER_HYPHENS = Pattern.compile("^-+|-+$");
  private static final Parser PARSER =
      Parser.builder().includeSourceSpans(IncludeSourceSpans.BLOCKS).build();

  private final String title;
  private final List<String> lines;
  private final Set<String> slugs = new HashSet<>();
  private final List<Section> sections = new ArrayList<>();

  private Sections(String title, List<String> lines) {
    this.title = title;
    this.lines = lines;
  }

  /// A heading and the lines it stands on, to before `end`.
  private record Mark(String text, int rank, int line, int end) {}

  /// Returns the sections that have words, in order. A first-rank heading that repeats the title
  /// stands for the document itself; so does the text above the first heading.
  public static List<Section> of(String title, String markdown) {
    var text = markdown.replace("\r\n", "\n").replace('\r', '\n');
    var document = new Sections(title, List.of(text.split("\n", -1)));
    document.read(marks(text));
    return List.copyOf(document.sections);
  }

  /// Returns a heading in lower case with hyphens.
  public static String slug(String heading) {
    var words = UNSPOKEN.matcher(heading.toLowerCase(Locale.ROOT)).replaceAll("");
    var joined = BETWEEN_WORDS.matcher(words).replaceAll("-");
    var cut = joined.substring(0, Math.min(joined.length(), LONGEST_SLUG));
    var slug = OUTER_HYPHENS.matcher(cut).replaceAll("");
    return slug.isEmpty() ? "section" : slug;
  }

  private void read(List<Mark> marks) {
    List<Mark> above = new ArrayList<>();
    add(above, 0, marks.isEmpty() ? lines.size() : marks.getFirst().line());
    for (int i = 0; i < marks.size(); i++) {
      var mark = marks.get(i);
      above.removeIf(other -> other.rank() >= mark.rank());
      if (mark.rank() > 1 || !mark.text().equalsIgnoreCase(title)) {
        above.add(mark);
      }
      add(above, mark.end(), i + 1 < marks.size() ? marks.get(i + 1).line() : lines.size());
    }
  }

  private void add(List<Mark> above, int from, int to) {
    var text = withoutBlankEnds(lines.subList(from, to));
    if (text.isEmpty()) {
      return;
    }
    List<String> headings = new ArrayList<>(List.of(title));
    above.forEach(mark -> headings.add(mark.text()));
    var wanted = slug(headings.getLast());
    var slug = wanted;
    for (int n = 2; !slugs.add(slug); n++) {
      slug = wanted + "-" + n;
    }
    sections.add(new Section(slug, headings, text));
  }

  private static String withoutBlankEnds(List<String> lines) {
    int from = 0;
    int to = lines.size();
    while (from < to && lines.get(from).isBlank()) {
      from++;
    }
    while (from < to && lines.get(to - 1).isBlank()) {
      to--;
    }
    return String.join("\n", lines.subList(from, to));
  }

  private static List<Mark> marks(String markdown) {
    List<Mark> marks = new ArrayList<>();
    PARSER
        .parse(markdown)
        .accept(
            new AbstractVisitor() {
              @Override
              public void visit(Heading heading) {
                // Headings within quotes and lists are part of these.
                if (heading.getParent() instanceof Document) {
                  var spans = heading.getSourceSpans();
                  marks.add(
                      new Mark(
                          words(heading),
                          heading.getLevel(),
                          spans.getFirst().getLineIndex(),
                          spans.getLast().getLineIndex() + 1));
                }
              }
            });
    return marks;
  }

  private static String words(Node node) {
    var words = new StringBuilder();
    node.accept(
        new AbstractVisitor() {
          @Override
          public void visit(Text text) {
            words.append(text.getLiteral());
          }

          @Override
          public void visit(Code code) {
            words.append(code.getLiteral());
          }
        });
    return words.toString().strip();
  }
}
