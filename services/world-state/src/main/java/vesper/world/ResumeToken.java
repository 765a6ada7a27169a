package vesper.world;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import java.util.TreeSet;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Where a watcher was, for one world and view.
///
/// @param seq number of the last change that it has seen whole
/// @param issuedAt when it was told so, to the second
record ResumeToken(long seq, Instant issuedAt) {
  private static final String ALGORITHM = "HmacSHA256";
  private static final int BODY = 16;
  private static final int SEAL = 16;

  /// Seals and opens tokens of one world and view.
  static final class Sealer {
    private final SecretKeySpec key;
    private final byte[] bound;

    /// @param key the same at all replicas
    Sealer(byte[] key, String world, View view) {
      this.key = new SecretKeySpec(key, ALGORITHM);
      this.bound =
          "%s\n%s\n%s\n%b"
              .formatted(
                  world,
                  String.join(" ", new TreeSet<>(view.regions())),
                  String.join(" ", new TreeSet<>(view.components())),
                  view.server())
              .getBytes(UTF_8);
    }

    /// Returns a token as text.
    String seal(ResumeToken token) {
      byte[] body =
          ByteBuffer.allocate(BODY)
              .putLong(token.seq())
              .putLong(token.issuedAt().getEpochSecond())
              .array();
      byte[] sealed = Arrays.copyOf(body, BODY + SEAL);
      System.arraycopy(mac(body), 0, sealed, BODY, SEAL);
      return Base64.getUrlEncoder().withoutPadding().encodeToString(sealed);
    }

    /// Returns the token of a text; empty when it was not sealed for this world and view.
    Optional<ResumeToken> open(String text) {
      byte[] sealed;
      try {
        sealed = Base64.getUrlDecoder().decode(text);
      } catch (IllegalArgumentException e) {
        return Optional.empty();
      }
      if (sealed.length != BODY + SEAL) {
        return Optional.empty();
      }
      byte[] body = Arrays.copyOf(sealed, BODY);
      byte[] seal = Arrays.copyOfRange(sealed, BODY, BODY + SEAL);
      if (!MessageDigest.isEqual(seal, Arrays.copyOf(mac(body), SEAL))) {
        return Optional.empty();
      }
      ByteBuffer fields = ByteBuffer.wrap(body);
      return Optional.of(
          new ResumeToken(fields.getLong(), Instant.ofEpochSecond(fields.getLong())));
    }

    private byte[] mac(byte[] body) {
      try {
        Mac mac = Mac.getInstance(ALGORITHM);
        mac.init(key);
        mac.update(bound);
        return mac.doFinal(body);
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException("the JDK has no " + ALGORITHM, e);
      }
    }
  }
}
