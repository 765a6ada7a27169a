package vesper.runtime;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.grpc.StatusRuntimeException;
import io.jsonwebtoken.Claims;
import io.jsonwebtoken.ExpiredJwtException;
import io.jsonwebtoken.Jws;
import io.jsonwebtoken.JwtException;
import io.jsonwebtoken.JwtParser;
import io.jsonwebtoken.Jwts;
import io.jsonwebtoken.ProtectedHeader;
import io.jsonwebtoken.security.SecurityException;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Date;

/// Verifies access tokens without asking anybody: by the keys of auth, fetched when an unknown one
/// is named, and the keys of this installation. Verified tokens are remembered by their SHA-256
/// until they expire.
public final class TokenVerifier {
  private static final int LONGEST = 1_024;
  private static final int REMEMBERED = 50_000;
  private static final Duration SKEW = Duration.ofSeconds(30);

  private final InstallationKeys installation;
  private final KeySet keys;
  private final String issuer;
  private final InstantSource clock;
  private final JwtParser parser;
  private final Cache<ByteBuffer, Verified> verified =
      Caffeine.newBuilder().maximumSize(REMEMBERED).build();
  private final Timer hits;
  private final Timer misses;

  /// @param keys the keys of auth
  /// @param issuer the claim `iss` of auth's tokens
  TokenVerifier(
      InstallationKeys installation,
      KeySet keys,
      String issuer,
      InstantSource clock,
      MeterRegistry meters) {
    this.installation = installation;
    this.keys = keys;
    this.issuer = issuer;
    this.clock = clock;
    parser =
        Jwts.parser()
            .sig()
            .clear()
            .add(Jwts.SIG.EdDSA)
            .and()
            .zip()
            .clear()
            .and()
            .keyLocator(header -> key((ProtectedHeader) header))
            .requireAudience(TokenClaims.AUDIENCE)
            .clock(() -> Date.from(clock.instant()))
            .clockSkewSeconds(SKEW.toSeconds())
            .build();
    hits = timer(meters, "hit");
    misses = timer(meters, "miss");
  }

  /// Returns whom a token stands for.
  ///
  /// @param token the text after `Bearer `
  /// @throws StatusRuntimeException UNAUTHENTICATED with reason EXPIRED or INVALID; UNAVAILABLE
  ///   when the key it names could not be fetched
  public Principal verify(String token) {
    long start = System.nanoTime();
    if (token.length() > LONGEST) {
      throw invalid();
    }
    ByteBuffer hash = hash(token);
    Verified known = verified.getIfPresent(hash);
    if (known != null && clock.instant().isBefore(known.until())) {
      hits.record(Duration.ofNanos(System.nanoTime() - start));
      return known.principal();
    }
    Verified fresh = check(token);
    verified.put(hash, fresh);
    misses.record(Duration.ofNanos(System.nanoTime() - start));
    return fresh.principal();
  }

  private Verified check(String token) {
    try {
      Jws<Claims> signed = parser.parseSignedClaims(token);
      Claims claims = signed.getPayload();
      String expected = isLocal(signed.getHeader()) ? InstallationKeys.ISSUER : issuer;
      boolean complete =
          expected.equals(claims.getIssuer())
              && claims.getExpiration() != null
              && claims.getNotBefore() != null
              && signed.getHeader().getCritical() == null;
      if (!complete) {
        throw invalid();
      }
      Instant until = claims.getExpiration().toInstant().plus(SKEW);
      return new Verified(TokenClaims.principal(claims), until);
    } catch (ExpiredJwtException e) {
      throw Refusal.unauthenticated("EXPIRED", "the token has expired");
    } catch (JwtException | IllegalArgumentException e) {
      throw invalid();
    }
  }

  private Key key(ProtectedHeader header) {
    String kid = header.getKeyId();
    if (kid != null && kid.equals(installation.kid())) {
      return installation.publicKey();
    }
    if (kid == null || kid.isEmpty() || isLocal(header)) {
      throw new SecurityException("not a key of ours");
    }
    return keys.find(kid).orElseThrow(() -> new SecurityException("not a key of ours"));
  }

  private static boolean isLocal(ProtectedHeader header) {
    return header.getKeyId().startsWith(InstallationKeys.KID_PREFIX);
  }

  private static StatusRuntimeException invalid() {
    return Refusal.unauthenticated("INVALID", "the token is not valid");
  }

  private static ByteBuffer hash(String token) {
    try {
      byte[] bytes = token.getBytes(StandardCharsets.UTF_8);
      return ByteBuffer.wrap(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java has no SHA-256", e);
    }
  }

  private static Timer timer(MeterRegistry meters, String cache) {
    return Timer.builder("vesper.auth.verify")
        .tag("cache", cache)
        .description("Time to verify a token")
        .register(meters);
  }

  private record Verified(Principal principal, Instant until) {}
}
