package vesper.runtime;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;

/// The place where the next page of a list begins. Its text belongs to one query and is of no use
/// for another.
public final class PageToken {

  private static final int FINGERPRINT = 8;
  private static final int USUAL_PAGE = 50;
  private static final int LARGEST_PAGE = 500;

  private PageToken() {}

  /// Returns the size of a page that was asked for: 50 for 0, at most 500.
  public static int size(int asked) {
    return asked == 0 ? USUAL_PAGE : Math.min(asked, LARGEST_PAGE);
  }

  /// Returns the text for a place.
  ///
  /// @param query all that the list depends on, beside the place and the size of the page
  public static String write(String query, String place) {
    var text = place.getBytes(StandardCharsets.UTF_8);
    var token = Arrays.copyOf(fingerprint(query), FINGERPRINT + text.length);
    System.arraycopy(text, 0, token, FINGERPRINT, text.length);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(token);
  }

  /// Returns the place of a text; none for the empty text of a first page.
  ///
  /// @throws io.grpc.StatusRuntimeException INVALID_ARGUMENT for a text that this query did not
  ///   return
  public static Optional<String> read(String query, String token) {
    if (token.isEmpty()) {
      return Optional.empty();
    }
    try {
      var bytes = Base64.getUrlDecoder().decode(token);
      if (bytes.length > FINGERPRINT
          && Arrays.equals(fingerprint(query), Arrays.copyOf(bytes, FINGERPRINT))) {
        var place =
            new String(
                Arrays.copyOfRange(bytes, FINGERPRINT, bytes.length), StandardCharsets.UTF_8);
        // The database knows no text with this character.
        if (place.indexOf('\0') < 0) {
          return Optional.of(place);
        }
      }
    } catch (IllegalArgumentException e) {
      throw foreign();
    }
    throw foreign();
  }

  private static RuntimeException foreign() {
    return Refusal.invalid("pageToken", "was not returned for this list");
  }

  private static byte[] fingerprint(String query) {
    try {
      byte[] whole =
          MessageDigest.getInstance("SHA-256").digest(query.getBytes(StandardCharsets.UTF_8));
      return Arrays.copyOf(whole, FINGERPRINT);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java platform has SHA-256", e);
    }
  }
}
