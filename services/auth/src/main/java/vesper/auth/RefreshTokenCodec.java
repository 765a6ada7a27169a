package vesper.auth;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Optional;
import java.util.UUID;

/// Writes refresh tokens as text and reads back only those that it wrote.
///
/// A token is `rt_` and base64url of 57 bytes: version (1), session (16), counter (8) and
/// HMAC-SHA-256 over these (32). 57 bytes fill 76 characters without a spare bit, so a token has
/// exactly one spelling.
final class RefreshTokenCodec {
  private static final String PREFIX = "rt_";
  private static final byte VERSION = 1;
  private static final int BODY = 1 + 16 + 8;
  private static final int LENGTH = BODY + 32;
  private static final int CHARACTERS = PREFIX.length() + LENGTH / 3 * 4;

  private final Hmac hmac;

  RefreshTokenCodec(MasterSecret secret) {
    hmac = new Hmac(secret, "refresh token");
  }

  String encode(RefreshToken token) {
    byte[] body =
        ByteBuffer.allocate(BODY)
            .put(VERSION)
            .putLong(token.session().value().getMostSignificantBits())
            .putLong(token.session().value().getLeastSignificantBits())
            .putLong(token.counter())
            .array();
    byte[] bytes = ByteBuffer.allocate(LENGTH).put(body).put(hmac.of(body)).array();
    return PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  /// Reads a token; empty when this secret did not make it.
  Optional<RefreshToken> decode(String text) {
    if (text.length() != CHARACTERS || !text.startsWith(PREFIX)) {
      return Optional.empty();
    }
    byte[] bytes;
    try {
      bytes = Base64.getUrlDecoder().decode(text.substring(PREFIX.length()));
    } catch (IllegalArgumentException notBase64) {
      return Optional.empty();
    }
    if (bytes.length != LENGTH) {
      return Optional.empty();
    }
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    byte[] body = new byte[BODY];
    byte[] mac = new byte[LENGTH - BODY];
    buffer.get(body).get(mac);
    if (!MessageDigest.isEqual(mac, hmac.of(body)) || body[0] != VERSION) {
      return Optional.empty();
    }
    buffer.position(1);
    var session = new SessionId(new UUID(buffer.getLong(), buffer.getLong()));
    return Optional.of(new RefreshToken(session, buffer.getLong()));
  }
}
