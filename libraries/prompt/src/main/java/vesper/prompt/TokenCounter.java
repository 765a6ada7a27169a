package vesper.prompt;

import java.nio.charset.StandardCharsets;

/// Counts the tokens of a text.
@FunctionalInterface
public interface TokenCounter {
  /// Three characters a token, rounded up: what to cut by when the model's tokenizer is not known.
  TokenCounter THIRDS = text -> (text.length() + 2) / 3;

  /// One byte of UTF-8 a token: no tokenizer counts more.
  TokenCounter BYTES = text -> text.getBytes(StandardCharsets.UTF_8).length;

  /// Returns the number of tokens, 0 for an empty text.
  int count(String text);
}
