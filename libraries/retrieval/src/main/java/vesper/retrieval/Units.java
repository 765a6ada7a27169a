package vesper.retrieval;

import java.text.BreakIterator;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.commonmark.ext.gfm.tables.TableBlock;
import org.commonmark.ext.gfm.tables.TablesExtension;
import org.commonmark.node.FencedCodeBlock;
import org.commonmark.node.IndentedCodeBlock;
import org.commonmark.node.LinkReferenceDefinition;
import org.commonmark.node.Node;
import org.commonmark.node.ThematicBreak;
import org.commonmark.parser.IncludeSourceSpans;
import org.commonmark.parser.Parser;

/// Takes the Markdown of a section apart into units.
final class Units {
  private static final Parser PARSER =
      Parser.builder()
          .extensions(List.of(TablesExtension.create()))
          .includeSourceSpans(IncludeSourceSpans.BLOCKS)
          .build();
  private static final Pattern ITEM = Pattern.compile("\n(?=[ >]*([-*+]|[0-9]{1,9}[.)]) )");

  private final String text;
  private final ChunkSizes sizes;
  private final List<Unit> units = new ArrayList<>();

  private Units(String text, ChunkSizes sizes) {
    this.text = text;
    this.sizes = sizes;
  }

  static List<Unit> of(String text, ChunkSizes sizes) {
    var units = new Units(text, sizes);
    for (var block = PARSER.parse(text).getFirstChild(); block != null; block = block.getNext()) {
      units.add(block);
    }
    return units.units;
  }

  private void add(Node block) {
    var spans = block.getSourceSpans();
    if (spans.isEmpty() || isWordless(block)) {
      return;
    }
    int start = spans.getFirst().getInputIndex();
    int end = spans.getLast().getInputIndex() + spans.getLast().getLength();
    int tokens = Tokens.count(text.subSequence(start, end));
    boolean isWhole =
        block instanceof TableBlock
            || block instanceof FencedCodeBlock
            || block instanceof IndentedCodeBlock;
    if (isWhole && tokens <= sizes.whole()) {
      units.add(new Unit(start, end, tokens, tokens, true));
    } else {
      addSentences(start, end, tokens);
    }
  }

  private static boolean isWordless(Node block) {
    return block instanceof ThematicBreak || block instanceof LinkReferenceDefinition;
  }

  private void addSentences(int start, int end, int tokens) {
    // The lines of a paragraph are one; items of a list are not.
    var flow = ITEM.matcher(text.substring(start, end)).replaceAll("\u2029").replace('\n', ' ');
    var sentences = BreakIterator.getSentenceInstance(Locale.ROOT);
    sentences.setText(flow);
    int paragraph = tokens;
    int from = sentences.first();
    for (int to = sentences.next(); to != BreakIterator.DONE; to = sentences.next()) {
      var words = Tokens.of(flow.substring(from, to));
      if (words.size() > sizes.max()) {
        for (var word : words) {
          int at = start + from;
          units.add(new Unit(at + word.start(), at + word.end(), 1, paragraph, false));
          paragraph = 0;
        }
      } else if (!words.isEmpty()) {
        int first = start + from + words.getFirst().start();
        int last = start + from + words.getLast().end();
        units.add(new Unit(first, last, words.size(), paragraph, false));
        paragraph = 0;
      }
      from = to;
    }
  }
}
