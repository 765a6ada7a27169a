package vesper.gateway.transcoding;

/// Reads JSON to the letter of RFC 8259: no comments, no names without quotes, no leading zeros, no
/// halves of surrogate pairs.
final class JsonScanner {
  private static final int DEEPEST = 64;

  /// The text is no JSON.
  static final class Malformed extends Exception {
    private static final long serialVersionUID = 1L;

    private Malformed(String message) {
      super(message, null, false, false);
    }

    /// What is wrong and where, for the client.
    String complaint() {
      return String.valueOf(getMessage());
    }
  }

  private final String text;
  private int at;
  private int depth;

  JsonScanner(String text) {
    this.text = text;
  }

  /// The next character that is no blank, not taken; NUL at the end.
  char peek() {
    while (at < text.length()) {
      char c = text.charAt(at);
      if (c != ' ' && c != '\n' && c != '\r' && c != '\t') {
        return c;
      }
      at++;
    }
    return '\0';
  }

  /// Takes the next character if it is the wanted one.
  boolean take(char wanted) {
    if (peek() != wanted || at >= text.length()) {
      return false;
    }
    at++;
    return true;
  }

  /// Takes the next character, which must be the wanted one.
  void expect(char wanted) throws Malformed {
    if (!take(wanted)) {
      throw malformed("expected '" + wanted + "'");
    }
  }

  /// Enters an object or array.
  void enter(char open) throws Malformed {
    expect(open);
    if (++depth > DEEPEST) {
      throw malformed("nested deeper than " + DEEPEST);
    }
  }

  /// Whether the object or array goes on after a member or element; else it has been left.
  boolean more(char close) throws Malformed {
    if (take(',')) {
      return true;
    }
    if (!take(close)) {
      throw malformed("expected ',' or '" + close + "'");
    }
    depth--;
    return false;
  }

  /// Whether the object or array that was entered has nothing in it; then it has been left.
  boolean empty(char close) {
    if (take(close)) {
      depth--;
      return true;
    }
    return false;
  }

  /// Takes the name of a member and the colon after it.
  String name() throws Malformed {
    if (peek() != '"') {
      throw malformed("expected a name in double quotes");
    }
    String name = string();
    expect(':');
    return name;
  }

  /// Takes a string and returns it without quotes and escapes.
  String string() throws Malformed {
    expect('"');
    int from = at;
    StringBuilder built = null;
    while (true) {
      char c = at < text.length() ? text.charAt(at) : '\0';
      if (c == '"') {
        String value = built == null ? text.substring(from, at) : built.toString();
        at++;
        checkSurrogates(value);
        return value;
      }
      if (c < ' ') {
        throw malformed(
            at < text.length() ? "a control character in a string" : "a string does not end");
      }
      if (c != '\\') {
        if (built != null) {
          built.append(c);
        }
        at++;
        continue;
      }
      if (built == null) {
        built = new StringBuilder(at - from + 16).append(text, from, at);
      }
      built.append(escaped());
    }
  }

  private char escaped() throws Malformed {
    at++;
    char c = at < text.length() ? text.charAt(at) : '\0';
    at++;
    return switch (c) {
      case '"', '\\', '/' -> c;
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 'u' -> unicode();
      default -> {
        at--;
        throw malformed("an escape that JSON does not have");
      }
    };
  }

  private char unicode() throws Malformed {
    int value = 0;
    for (int i = 0; i < 4; i++) {
      char c = at < text.length() ? text.charAt(at) : '\0';
      int digit = c < 0x80 ? Character.digit(c, 16) : -1;
      if (digit < 0) {
        throw malformed("\\u needs four hexadecimal digits");
      }
      value = value << 4 | digit;
      at++;
    }
    return (char) value;
  }

  private void checkSurrogates(String value) throws Malformed {
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (Character.isSurrogate(c)) {
        if (i + 1 == value.length() || !Character.isSurrogatePair(c, value.charAt(i + 1))) {
          throw malformed("half of a surrogate pair");
        }
        i++;
      }
    }
  }

  /// Takes a number and returns it as it is written.
  String number() throws Malformed {
    peek();
    int end = number(text, at);
    if (end < 0) {
      throw malformed("expected a value");
    }
    String value = text.substring(at, end);
    at = end;
    return value;
  }

  /// Takes `true`, `false` or `null`.
  void word(String word) throws Malformed {
    peek();
    if (!text.startsWith(word, at)) {
      throw malformed("expected a value");
    }
    at += word.length();
  }

  /// Takes any value.
  void skip() throws Malformed {
    switch (peek()) {
      case '{' -> {
        enter('{');
        if (!empty('}')) {
          do {
            name();
            skip();
          } while (more('}'));
        }
      }
      case '[' -> {
        enter('[');
        if (!empty(']')) {
          do {
            skip();
          } while (more(']'));
        }
      }
      case '"' -> string();
      case 't' -> word("true");
      case 'f' -> word("false");
      case 'n' -> word("null");
      default -> number();
    }
  }

  /// Checks that nothing is left.
  void end() throws Malformed {
    peek();
    if (at < text.length()) {
      throw malformed("expected the end");
    }
  }

  /// A complaint about the character that comes next.
  Malformed malformed(String what) {
    int line = 1;
    int column = 1;
    for (int i = 0; i < at && i < text.length(); i++) {
      column++;
      if (text.charAt(i) == '\n') {
        line++;
        column = 1;
      }
    }
    return new Malformed("malformed JSON at line " + line + ", column " + column + ": " + what);
  }

  /// Returns the index after the number that begins at an index, or −1 when none does.
  static int number(String text, int from) {
    int i = from;
    if (i < text.length() && text.charAt(i) == '-') {
      i++;
    }
    int whole = i;
    i = digits(text, i);
    if (i == whole || (text.charAt(whole) == '0' && i > whole + 1)) {
      return -1;
    }
    if (i < text.length() && text.charAt(i) == '.') {
      int fraction = i + 1;
      i = digits(text, fraction);
      if (i == fraction) {
        return -1;
      }
    }
    if (i < text.length() && (text.charAt(i) == 'e' || text.charAt(i) == 'E')) {
      i++;
      if (i < text.length() && (text.charAt(i) == '+' || text.charAt(i) == '-')) {
        i++;
      }
      int exponent = i;
      i = digits(text, exponent);
      if (i == exponent) {
        return -1;
      }
    }
    return i;
  }

  private static int digits(String text, int from) {
    int i = from;
    while (i < text.length() && text.charAt(i) >= '0' && text.charAt(i) <= '9') {
      i++;
    }
    return i;
  }
}
