package vesper.gateway.transcoding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import java.io.IOException;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import vesper.gateway.transcoding.JsonScanner.Malformed;

class JsonScannerTest {
  private static final JsonFactory REFERENCE = new JsonFactory();

  @Property(tries = 5000)
  void skip_takesWhatAnotherParserTakes(@ForAll("almostJson") String text) {
    assertThat(accepts(text)).as(text).isEqualTo(referenceAccepts(text));
  }

  @Provide
  Arbitrary<String> almostJson() {
    List<String> tokens =
        List.of(
            "{",
            "}",
            "[",
            "]",
            ",",
            ":",
            "\"",
            "\"a\"",
            "\"a\":",
            "true",
            "false",
            "null",
            "0",
            "1",
            "-",
            "-1",
            ".5",
            "e3",
            "E-2",
            "\\",
            "\\n",
            "\\u00e9",
            "\\x",
            " ",
            "\n",
            "\t",
            "é",
            "1.5",
            "01",
            "[1,2]",
            "{\"k\":1}",
            "\u0001");
    return Arbitraries.of(tokens).list().ofMinSize(1).ofMaxSize(6).map(all -> String.join("", all));
  }

  @Test
  void string_escapes() throws Exception {
    assertThat(new JsonScanner("\"a\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\\uD83D\\uDE00\"").string())
        .isEqualTo("a\"\\/\b\f\n\r\té\ud83d\ude00");
  }

  @Test
  void string_halfOfASurrogatePair_isMalformed() {
    assertThat(accepts("\"\\ud83d\"")).isFalse();
    assertThat(accepts("\"\\ude00\\ud83d\"")).isFalse();
    assertThat(accepts("\"\ud83d\"")).isFalse();
  }

  @Test
  void skip_tooDeep_isMalformed() {
    assertThat(accepts("[".repeat(64) + "]".repeat(64))).isTrue();
    assertThat(accepts("[".repeat(65) + "]".repeat(65))).isFalse();
    assertThat(accepts("[".repeat(200_000))).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"a\":1,}      | line 1, column 8: expected a name in double quotes",
        "{\"a\" 1}       | line 1, column 6: expected ':'",
        "[1 2]           | line 1, column 4: expected ',' or ']'",
        "{} x            | line 1, column 4: expected the end",
        "\"abc           | line 1, column 5: a string does not end",
        "nul             | line 1, column 1: expected a value",
      })
  void malformed_tellsWhere(String text, String complaint) {
    assertThatExceptionOfType(Malformed.class)
        .isThrownBy(() -> scan(text))
        .withMessage("malformed JSON at " + complaint);
  }

  private static void scan(String text) throws Malformed {
    JsonScanner scanner = new JsonScanner(text);
    scanner.skip();
    scanner.end();
  }

  private static boolean accepts(String text) {
    try {
      scan(text);
      return true;
    } catch (Malformed e) {
      return false;
    }
  }

  private static boolean referenceAccepts(String text) {
    try (JsonParser parser = REFERENCE.createParser(text)) {
      if (parser.nextToken() == null) {
        return false;
      }
      parser.skipChildren();
      parser.getText();
      return parser.nextToken() == null;
    } catch (IOException e) {
      return false;
    }
  }
}
