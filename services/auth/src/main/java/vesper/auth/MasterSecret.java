package vesper.auth;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import javax.crypto.KDF;
import javax.crypto.SecretKey;
import javax.crypto.spec.HKDFParameterSpec;

/// The one secret of an installation, from which every key that auth keeps to itself is derived
/// (HKDF-SHA-256, RFC 5869): a different one for each purpose, so that none can stand in for
/// another.
final class MasterSecret {
  /// Fewest characters.
  static final int SHORTEST = 32;

  private final byte[] bytes;

  private MasterSecret(byte[] bytes) {
    this.bytes = bytes;
  }

  /// Takes the secret as it is configured: at least 32 characters.
  static MasterSecret of(String text) {
    if (text.length() < SHORTEST) {
      throw new IllegalArgumentException(
          "A master secret has at least " + SHORTEST + " characters");
    }
    return new MasterSecret(text.getBytes(UTF_8));
  }

  /// Derives the key of 256 bits for one purpose; `algorithm` is what the key is for, as JCA names
  /// it.
  SecretKey key(String purpose, String algorithm) {
    try {
      var parameters =
          HKDFParameterSpec.ofExtract()
              .addIKM(bytes)
              .thenExpand(("vesper auth " + purpose).getBytes(UTF_8), 32);
      return KDF.getInstance("HKDF-SHA256").deriveKey(algorithm, parameters);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("The JDK offers no HKDF-SHA256", e);
    }
  }

  @Override
  public String toString() {
    return "***";
  }
}
