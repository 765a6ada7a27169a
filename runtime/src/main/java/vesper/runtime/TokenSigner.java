package vesper.runtime;

import java.security.PrivateKey;
import java.time.Duration;
import java.time.InstantSource;

/// Writes access tokens: JSON Web Tokens signed with Ed25519, for the audience `vesper`.
@SuppressWarnings("DoNotCallSuggester")
public final class TokenSigner {
  /// A signer.
  ///
  /// @param kid names the key in the token's header; verifiers find the public key by it
  /// @param key an Ed25519 key
  /// @param issuer the claim `iss`
  public TokenSigner(String kid, PrivateKey key, String issuer, InstantSource clock) {}

  /// Returns a token that is valid from now on.
  public String sign(Principal principal, Duration ttl) {
    throw new UnsupportedOperationException("" + principal + ttl);
  }
}
