package vesper.auth;

import java.security.GeneralSecurityException;
import javax.crypto.Mac;
import javax.crypto.SecretKey;

/// HMAC-SHA-256 under a key of its own purpose.
final class Hmac {
  private static final String ALGORITHM = "HmacSHA256";

  private final SecretKey key;

  Hmac(MasterSecret secret, String purpose) {
    key = secret.key(purpose, ALGORITHM);
  }

  /// Returns the 32 bytes for `parts`, read one after the other.
  byte[] of(byte[]... parts) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(key);
      for (byte[] part : parts) {
        mac.update(part);
      }
      return mac.doFinal();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("The JDK offers no " + ALGORITHM, e);
    }
  }
}
