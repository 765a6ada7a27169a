package vesper.kb;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import vesper.runtime.Refusal;

/// The place where the next page of a list begins. Its text belongs to one list and is of no use
/// for another.
final class PageToken {
  private static final char BETWEEN = '\n';
  private static final int USUAL_PAGE = 50;
  private static final int LARGEST_PAGE = 500;

  private PageToken() {}

  /// Returns the size of a page that was asked for.
  static int size(int asked) {
    return asked == 0 ? USUAL_PAGE : Math.min(asked, LARGEST_PAGE);
  }

  /// Returns the text for a place in a list.
  static String write(String list, String place) {
    var text = (list + BETWEEN + place).getBytes(StandardCharsets.UTF_8);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(text);
  }

  /// Returns the place of a text; none for the empty text of a first page.
  ///
  /// @throws io.grpc.StatusRuntimeException INVALID_ARGUMENT for a text that this list did not
  ///   return
  static Optional<String> read(String list, String token) {
    if (token.isEmpty()) {
      return Optional.empty();
    }
    var text = text(token);
    if (!text.startsWith(list + BETWEEN)) {
      throw foreign();
    }
    return Optional.of(text.substring(list.length() + 1));
  }

  private static String text(String token) {
    try {
      return new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException _) {
      throw foreign();
    }
  }

  private static RuntimeException foreign() {
    return Refusal.invalid("pageToken", "was not returned for this list");
  }
}
