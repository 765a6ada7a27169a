package vesper.worldpack;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.protobuf.ByteString;
import java.nio.charset.CharacterCodingException;
import java.util.Optional;
import java.util.regex.Pattern;
import vesper.pack.v1.Narrative;

/// A file `narrative/*.md` in its two parts.
///
/// @param front the front matter
/// @param body the Markdown below it
/// @param bodyLine the line the body begins at, counted from 1
/// @param sha256 SHA-256 of the file
record Manuscript(Document<Narrative> front, String body, int bodyLine, String sha256) {
  private static final String OPENING = "---";
  private static final Pattern CLOSING = Pattern.compile("\\R---[ \\t]*(\\R|\\z)");

  /// Reads a file; empty, with a finding, when it has no front matter that can be read.
  static Optional<Manuscript> read(SourceFile file, Findings findings) {
    String text;
    try {
      text = UTF_8.newDecoder().decode(file.bytes().asReadOnlyByteBuffer()).toString();
    } catch (CharacterCodingException _) {
      findings.file("P001", file.path(), "The file is not UTF-8.", "Save it as UTF-8.");
      return Optional.empty();
    }
    var closing = CLOSING.matcher(text);
    if (!text.startsWith(OPENING) || !closing.find()) {
      findings.file(
          "P022",
          file.path(),
          "The document has no front matter.",
          "Begin it with a line ---, the keys id and title, and a line ---.");
      return Optional.empty();
    }
    // The opening line is a mark of YAML, too, so lines keep their numbers.
    var yaml =
        new SourceFile(file.path(), ByteString.copyFromUtf8(text.substring(0, closing.start())));
    var body = text.substring(closing.end());
    int bodyLine = 1 + (int) text.substring(0, closing.end()).lines().count();
    return YamlBinder.bind(yaml, Narrative.getDefaultInstance(), findings)
        .map(bound -> {
          RuleCheck.check(bound.document(), bound.faulty(), findings);
          return new Manuscript(bound.document(), body, bodyLine, file.sha256());
        });
  }

  /// Returns the document for those who use the pack.
  NarrativeDocument toDocument() {
    return new NarrativeDocument(front.message(), front.file(), body, sha256);
  }
}
