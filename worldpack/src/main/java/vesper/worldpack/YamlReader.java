package vesper.worldpack;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.charset.CharacterCodingException;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.composer.Composer;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ParserException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.parser.Parser;
import org.snakeyaml.engine.v2.parser.ParserImpl;
import org.snakeyaml.engine.v2.scanner.StreamReader;

/// Reads the text of a file as one YAML 1.2 mapping, with the place of every node.
final class YamlReader {
  /// How deep lists and mappings may be nested; the composer recurses.
  private static final int MAX_DEPTH = 32;

  private YamlReader() {}

  /// Reads a file; empty, with a P001, when it is no mapping.
  static Optional<MappingNode> read(SourceFile file, Findings findings) {
    String text;
    try {
      text = UTF_8.newDecoder().decode(file.bytes().asReadOnlyByteBuffer()).toString();
    } catch (CharacterCodingException _) {
      findings.file("P001", file.path(), "The file is not UTF-8.", "Save it as UTF-8.");
      return Optional.empty();
    }
    var settings =
        LoadSettings.builder()
            .setLabel(file.path())
            .setAllowDuplicateKeys(true)
            .setAllowNonScalarKeys(true)
            .setCodePointLimit(PackFiles.MAX_FILE_BYTES)
            .build();
    try {
      var parser = new ParserImpl(settings, new StreamReader(settings, text));
      var root = new Composer(settings, new BoundedParser(parser)).getSingleNode();
      if (root.isPresent() && root.get() instanceof MappingNode mapping) {
        return Optional.of(mapping);
      }
      findings.file(
          "P001", file.path(), "The file holds no keys.", "Write one \"key: value\" a line.");
    } catch (MarkedYamlEngineException e) {
      findings.error(
          "P001",
          file.path(),
          Position.of(e.getProblemMark().or(e::getContextMark)),
          "",
          "This is not YAML: %s.".formatted(e.getProblem()),
          "Mind the indentation, and quote text with a colon or a leading symbol.");
    } catch (YamlEngineException _) {
      findings.file("P001", file.path(), "This is not YAML.", "");
    }
    return Optional.empty();
  }

  /// Passes events on as long as they are not nested too deep.
  private static final class BoundedParser implements Parser {
    private final Parser parser;
    private int depth;

    BoundedParser(Parser parser) {
      this.parser = parser;
    }

    @Override
    public boolean checkEvent(Event.ID id) {
      return parser.checkEvent(id);
    }

    @Override
    public Event peekEvent() {
      return parser.peekEvent();
    }

    @Override
    public boolean hasNext() {
      return parser.hasNext();
    }

    @Override
    public Event next() {
      var event = parser.next();
      switch (event.getEventId()) {
        case MappingStart, SequenceStart -> depth++;
        case MappingEnd, SequenceEnd -> depth--;
        case Alias, Comment, DocumentEnd, DocumentStart, Scalar, StreamEnd, StreamStart -> {}
      }
      if (depth > MAX_DEPTH) {
        throw new ParserException("it is nested too deep", event.getStartMark());
      }
      return event;
    }
  }
}
