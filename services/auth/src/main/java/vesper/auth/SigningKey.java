package vesper.auth;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;

/// An Ed25519 key that signs access tokens from an instant on.
///
/// @param generation 1 for the first key of an installation, one more for each that follows
/// @param x the public key, base64url of its 32 bytes (RFC 8037)
record SigningKey(long generation, String x, PrivateKey secret, Instant activatesAt) {
  private static final String CURVE = "Ed25519";
  private static final int PUBLIC_BYTES = 32;

  /// Makes a new key.
  static SigningKey generate(long generation, Instant activatesAt) {
    try {
      var pair = KeyPairGenerator.getInstance(CURVE).generateKeyPair();
      byte[] info = pair.getPublic().getEncoded();
      byte[] x = Arrays.copyOfRange(info, info.length - PUBLIC_BYTES, info.length);
      return new SigningKey(
          generation,
          Base64.getUrlEncoder().withoutPadding().encodeToString(x),
          pair.getPrivate(),
          activatesAt);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("The JDK offers no " + CURVE, e);
    }
  }

  /// Reads a key back; `pkcs8` is what `secret` encodes to.
  static SigningKey read(long generation, String x, byte[] pkcs8, Instant activatesAt) {
    try {
      PrivateKey secret =
          KeyFactory.getInstance(CURVE).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
      return new SigningKey(generation, x, secret, activatesAt);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Signing key " + generation + " cannot be read", e);
    }
  }

  /// Returns the key's id: its thumbprint (RFC 7638).
  String kid() {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256")
              .digest(
                  "{\"crv\":\"%s\",\"kty\":\"OKP\",\"x\":\"%s\"}"
                      .formatted(CURVE, x)
                      .getBytes(US_ASCII));
      return Base64.getUrlEncoder().withoutPadding().encodeToString(digest);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("The JDK offers no SHA-256", e);
    }
  }

  /// Returns the public half as a JSON Web Key.
  String jwk() {
    return "{\"kty\":\"OKP\",\"crv\":\"%s\",\"alg\":\"EdDSA\",\"use\":\"sig\",\"kid\":\"%s\",\"x\":\"%s\"}"
        .formatted(CURVE, kid(), x);
  }

  @Override
  public String toString() {
    return "SigningKey[" + generation + ", " + kid() + ", " + activatesAt + "]";
  }
}
