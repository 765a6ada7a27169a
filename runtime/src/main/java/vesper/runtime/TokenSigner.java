package vesper.runtime;

import io.jsonwebtoken.JwtBuilder;
import io.jsonwebtoken.Jwts;
import java.security.PrivateKey;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Date;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import vesper.options.v1.Caller;

/// Writes access tokens: JSON Web Tokens signed with Ed25519, for the audience `vesper`.
public final class TokenSigner {
  private final String kid;
  private final PrivateKey key;
  private final String issuer;
  private final InstantSource clock;

  /// A signer.
  ///
  /// @param kid names the key in the token's header; verifiers find the public key by it
  /// @param key an Ed25519 key
  /// @param issuer the claim `iss`
  public TokenSigner(String kid, PrivateKey key, String issuer, InstantSource clock) {
    this.kid = kid;
    this.key = key;
    this.issuer = issuer;
    this.clock = clock;
  }

  /// Returns a token that is valid from now on.
  public String sign(Principal principal, Duration ttl) {
    Instant now = clock.instant();
    Principal.Standing standing = principal.standing();
    JwtBuilder token =
        Jwts.builder()
            .header()
            .keyId(kid)
            .and()
            .issuer(issuer)
            .audience()
            .add(TokenClaims.AUDIENCE)
            .and()
            .subject(principal.subject())
            .id(UUID.randomUUID().toString())
            .issuedAt(Date.from(now))
            .notBefore(Date.from(now))
            .expiration(Date.from(now.plus(ttl)))
            .claim(TokenClaims.KIND, principal.kind().name().toLowerCase(Locale.ROOT));
    if (!principal.session().isEmpty()) {
      token.claim(TokenClaims.SESSION, principal.session());
    }
    if (!principal.roles().isEmpty()) {
      token.claim(TokenClaims.ROLES, roles(principal));
    }
    if (!principal.worlds().isEmpty()) {
      token.claim(TokenClaims.WORLDS, principal.worlds().stream().sorted().toList());
    }
    if (!standing.equals(Principal.Standing.UNKNOWN)) {
      token
          .claim(TokenClaims.AGE, standing.ageBand())
          .claim(TokenClaims.TIER, standing.tier())
          .claim(TokenClaims.EPOCH, standing.epoch());
    }
    return token.signWith(key, Jwts.SIG.EdDSA).compact();
  }

  private static List<String> roles(Principal principal) {
    return principal.roles().stream()
        .map(Caller::name)
        .map(TokenClaims::roleName)
        .sorted()
        .toList();
  }
}
