package vesper.worldpack;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.commonmark.node.AbstractVisitor;
import org.commonmark.node.Code;
import org.commonmark.node.Heading;
import org.commonmark.node.Link;
import org.commonmark.node.Node;
import org.commonmark.node.Text;
import org.commonmark.parser.IncludeSourceSpans;
import org.commonmark.parser.Parser;

/// The headings and links of a Markdown text, with their lines within it, counted from 0.
final class Outline {
  private static final Parser PARSER =
      Parser.builder().includeSourceSpans(IncludeSourceSpans.BLOCKS_AND_INLINES).build();

  private final List<Title> titles = new ArrayList<>();
  private final List<Target> targets = new ArrayList<>();
  private final int lines;

  /// A heading.
  ///
  /// @param rank 1 for the highest, 6 for the lowest
  record Title(String text, int rank, int line) {}

  /// Where a link leads.
  record Target(String destination, int line) {}

  /// Lines from one to before another.
  record Span(int from, int to) {
    boolean holds(int line) {
      return from <= line && line < to;
    }
  }

  private Outline(int lines) {
    this.lines = lines;
  }

  static Outline of(String markdown) {
    var outline = new Outline((int) markdown.lines().count());
    PARSER.parse(markdown).accept(outline.new Reader());
    return outline;
  }

  List<Title> titles() {
    return titles;
  }

  List<Target> targets() {
    return targets;
  }

  /// Returns the lines of a heading and of all below it.
  Span span(Title title) {
    Predicate<Title> ends = other -> other.line() > title.line() && other.rank() <= title.rank();
    int to = titles.stream().filter(ends).mapToInt(Title::line).findFirst().orElse(lines);
    return new Span(title.line(), to);
  }

  private final class Reader extends AbstractVisitor {
    @Override
    public void visit(Heading heading) {
      // Headings within quotes and lists are part of these.
      if (heading.getParent() instanceof org.commonmark.node.Document) {
        titles.add(new Title(words(heading), heading.getLevel(), line(heading)));
      }
      visitChildren(heading);
    }

    @Override
    public void visit(Link link) {
      targets.add(new Target(link.getDestination(), line(link)));
      visitChildren(link);
    }
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

  private static int line(Node node) {
    var spans = node.getSourceSpans();
    return spans.isEmpty() ? 0 : spans.getFirst().getLineIndex();
  }
}
