package vesper.world;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import vesper.runtime.Refusal;

/// The id after which the next page of a list begins. Its text belongs to one list and is of no use
/// for another.
final class PageToken {
  private static final int FINGERPRINT = 8;
  private static final int USUAL_PAGE = 50;
  private static final int LARGEST_PAGE = 500;

  /// Returns the size of a page that was asked for.
  static int size(int asked) {
    return asked == 0 ? USUAL_PAGE : Math.min(asked, LARGEST_PAGE);
  }

  /// Returns the text for an id.
  ///
  /// @param list all that the list depends on
  static String write(byte[] list, String id) {
    byte[] text = id.getBytes(UTF_8);
    byte[] token = Arrays.copyOf(fingerprint(list), FINGERPRINT + text.length);
    System.arraycopy(text, 0, token, FINGERPRINT, text.length);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(token);
  }

  /// Returns the id of a text; the empty one, which is before all others, for that of a first page.
  static String read(byte[] list, String token) {
    if (token.isEmpty()) {
      return "";
    }
    byte[] bytes;
    try {
      bytes = Base64.getUrlDecoder().decode(token);
    } catch (IllegalArgumentException e) {
      throw foreign();
    }
    if (bytes.length <= FINGERPRINT
        || !Arrays.equals(fingerprint(list), Arrays.copyOf(bytes, FINGERPRINT))) {
      throw foreign();
    }
    String id = new String(Arrays.copyOfRange(bytes, FINGERPRINT, bytes.length), UTF_8);
    if (id.indexOf('\0') >= 0) {
      throw foreign();
    }
    return id;
  }

  private static RuntimeException foreign() {
    return Refusal.invalid("pageToken", "was not returned for this list");
  }

  private static byte[] fingerprint(byte[] list) {
    try {
      return Arrays.copyOf(MessageDigest.getInstance("SHA-256").digest(list), FINGERPRINT);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("the JDK has no SHA-256", e);
    }
  }

  private PageToken() {}
}
