package vesper.auth;

import static java.util.stream.Collectors.toSet;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import vesper.options.v1.Caller;
import vesper.runtime.Principal;
import vesper.runtime.TokenSigner;

/// Issues access tokens: at most 1 KiB, verified by everyone without asking auth.
final class AccessTokens {
  /// The quota class of everyone, as long as nothing sells another.
  private static final String TIER = "free";

  private final SigningKeys keys;
  private final String issuer;
  private final Duration ttl;
  private final InstantSource clock;

  /// A token and its end.
  record Issued(String token, Instant expiresAt) {}

  AccessTokens(SigningKeys keys, String issuer, Duration ttl, InstantSource clock) {
    this.keys = keys;
    this.issuer = issuer;
    this.ttl = ttl;
    this.clock = clock;
  }

  /// Issues a token for a session of an account.
  Issued issue(Account account, Session session) {
    List<String> worlds =
        account
            .worldsIn(session.world())
            .orElseThrow(() -> new IllegalArgumentException("The session is in a foreign world"));
    SigningKey key = keys.active();
    Instant expiresAt = clock.instant().plus(ttl);
    String token =
        new TokenSigner(key.kid(), key.secret(), issuer, clock)
            .sign(
                new Principal(
                    account.id().toString(),
                    kind(account.kind()),
                    account.roles().stream().map(AccessTokens::caller).collect(toSet()),
                    Set.copyOf(worlds),
                    session.id().toString(),
                    new Principal.Standing(account.ageBand().name(), TIER, account.epoch())),
                ttl);
    return new Issued(token, expiresAt);
  }

  /// Returns the public keys that verify tokens, as a JSON Web Key Set.
  String jwks() {
    return keys.published().jwks();
  }

  private static Principal.Kind kind(Account.Kind kind) {
    return switch (kind) {
      case GUEST -> Principal.Kind.GUEST;
      case PLAYER -> Principal.Kind.PLAYER;
    };
  }

  private static Caller caller(Account.Role role) {
    return switch (role) {
      case MODERATOR -> Caller.CALLER_MODERATOR;
      case DESIGNER -> Caller.CALLER_DESIGNER;
      case OPERATOR -> Caller.CALLER_OPERATOR;
      case ADMIN -> Caller.CALLER_ADMIN;
      case GAME_SERVER -> Caller.CALLER_GAME_SERVER;
    };
  }
}
