package vesper.gateway.transcoding;

import java.util.ArrayList;
import java.util.List;

/// A path in the notation of `google.api.http`: literals, `*`, `**`, variables over them and a
/// verb, as in `/v1/worlds/{world_id}/npcs/{npc_id}:converse`.
///
/// @param segments what is between the slashes, variables replaced by the segments they cover
/// @param variables which segments are values of which fields
/// @param verb what follows the colon of the last segment, or empty
record PathTemplate(List<Segment> segments, List<Variable> variables, String verb) {
  /// What stands between two slashes.
  sealed interface Segment {
    /// Exactly this text.
    record Literal(String text) implements Segment {}

    /// `*`: any one segment that is not empty.
    record One() implements Segment {}

    /// `**`: all segments that are left, which may be none.
    record Rest() implements Segment {}
  }

  /// A field whose value is a run of segments.
  ///
  /// @param field dotted path of the request field
  /// @param from index of its first segment
  /// @param to index after its last segment
  /// @param toEnd whether it takes all segments that are left instead
  record Variable(String field, int from, int to, boolean toEnd) {}

  PathTemplate {
    segments = List.copyOf(segments);
    variables = List.copyOf(variables);
  }

  /// Reads a template.
  ///
  /// @throws IllegalArgumentException saying what is wrong where
  static PathTemplate parse(String text) {
    return new Parser(text).template();
  }

  /// Whether the last segment takes all that is left.
  boolean endsOpen() {
    return !segments.isEmpty() && segments.getLast() instanceof Segment.Rest;
  }

  private static final class Parser {
    private static final String LITERAL_END = "/:{}*=";
    private final String text;
    private final List<Segment> segments = new ArrayList<>();
    private final List<Variable> variables = new ArrayList<>();
    private int at;

    Parser(String text) {
      this.text = text;
    }

    PathTemplate template() {
      expect('/');
      if (at < text.length()) {
        segments(true);
      }
      String verb = "";
      if (at < text.length()) {
        expect(':');
        verb = literal();
      }
      if (at < text.length()) {
        throw broken("expected the end");
      }
      for (int i = 0; i + 1 < segments.size(); i++) {
        if (segments.get(i) instanceof Segment.Rest) {
          throw broken("** must be the last segment");
        }
      }
      return new PathTemplate(segments, variables, verb);
    }

    private void segments(boolean variablesAllowed) {
      segment(variablesAllowed);
      while (peek() == '/') {
        at++;
        segment(variablesAllowed);
      }
    }

    private void segment(boolean variableAllowed) {
      if (peek() == '*') {
        at++;
        if (peek() == '*') {
          at++;
          segments.add(new Segment.Rest());
        } else {
          segments.add(new Segment.One());
        }
      } else if (peek() == '{') {
        if (!variableAllowed) {
          throw broken("a variable in a variable");
        }
        variable();
      } else {
        segments.add(new Segment.Literal(literal()));
      }
    }

    private void variable() {
      expect('{');
      String field = literal();
      int from = segments.size();
      if (peek() == '=') {
        at++;
        segments(false);
      } else {
        segments.add(new Segment.One());
      }
      expect('}');
      if (variables.stream().anyMatch(variable -> variable.field().equals(field))) {
        throw broken("two variables '" + field + "'");
      }
      variables.add(
          new Variable(field, from, segments.size(), segments.getLast() instanceof Segment.Rest));
    }

    private String literal() {
      int from = at;
      while (at < text.length() && LITERAL_END.indexOf(text.charAt(at)) < 0) {
        at++;
      }
      if (at == from) {
        throw broken("expected a name");
      }
      return text.substring(from, at);
    }

    private char peek() {
      return at < text.length() ? text.charAt(at) : '\0';
    }

    private void expect(char wanted) {
      if (peek() != wanted) {
        throw broken("expected '" + wanted + "'");
      }
      at++;
    }

    private IllegalArgumentException broken(String what) {
      return new IllegalArgumentException(
          "path '" + text + "' is malformed at character " + (at + 1) + ": " + what);
    }
  }
}
