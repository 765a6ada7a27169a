package vesper.runtime;

import io.jsonwebtoken.JwtException;
import io.jsonwebtoken.security.Jwk;
import io.jsonwebtoken.security.Jwks;
import java.security.Key;
import java.security.PublicKey;
import java.security.interfaces.EdECPublicKey;
import java.security.spec.NamedParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The public keys of auth, as last fetched. They are fetched when the first token names one, when
/// a token names one that is not among them (at most every 30 s), and when they are older than 5
/// minutes.
final class KeySet {
  private static final Logger LOG = LoggerFactory.getLogger(KeySet.class);
  private static final Duration PAUSE = Duration.ofSeconds(30);
  private static final Duration PAUSE_AFTER_FAILURE = Duration.ofSeconds(1);
  private static final Duration OLD = Duration.ofMinutes(5);

  private final Supplier<String> source;
  private final InstantSource clock;
  private final ReentrantLock fetching = new ReentrantLock();
  private volatile Fetched fetched = new Fetched(Map.of(), Instant.MIN, Instant.MIN);

  /// @param source returns a JSON Web Key Set, or throws when auth is away
  KeySet(Supplier<String> source, InstantSource clock) {
    this.source = source;
    this.clock = clock;
  }

  /// Returns a key, after fetching when it must be.
  ///
  /// @throws io.grpc.StatusRuntimeException UNAVAILABLE when no keys could be fetched yet
  Optional<PublicKey> find(String kid) {
    PublicKey known = fetched.keys().get(kid);
    if (known == null) {
      refresh(kid);
      known = fetched.keys().get(kid);
    } else if (clock.instant().isAfter(fetched.at().plus(OLD))) {
      Thread.startVirtualThread(() -> refresh(""));
    }
    if (known == null && fetched.at().equals(Instant.MIN)) {
      throw Refusal.unavailable(PAUSE_AFTER_FAILURE, "the keys of auth are not known yet");
    }
    return Optional.ofNullable(known);
  }

  private void refresh(String kid) {
    fetching.lock();
    try {
      Instant now = clock.instant();
      if (fetched.keys().containsKey(kid) || now.isBefore(fetched.notBefore())) {
        return;
      }
      fetched = new Fetched(parse(source.get()), now, now.plus(PAUSE));
    } catch (RuntimeException e) {
      Instant next = clock.instant().plus(PAUSE_AFTER_FAILURE);
      fetched = new Fetched(fetched.keys(), fetched.at(), next);
      LOG.atWarn()
          .addKeyValue("cause", e.getClass().getSimpleName())
          .log("The keys of auth could not be fetched");
    } finally {
      fetching.unlock();
    }
  }

  private static Map<String, PublicKey> parse(String json) {
    Map<String, PublicKey> keys = new HashMap<>();
    for (Jwk<?> jwk : Jwks.setParser().build().parse(json).getKeys()) {
      Key key = jwk.toKey();
      boolean usable =
          key instanceof EdECPublicKey edwards
              && edwards.getParams().getName().equals(NamedParameterSpec.ED25519.getName())
              && jwk.getId() != null
              && !jwk.getId().startsWith(InstallationKeys.KID_PREFIX);
      if (usable) {
        keys.put(jwk.getId(), (PublicKey) key);
      }
    }
    if (keys.isEmpty()) {
      throw new JwtException("no Ed25519 key in the set");
    }
    return Map.copyOf(keys);
  }

  /// @param at when the keys were fetched
  /// @param notBefore when they may be fetched again
  private record Fetched(Map<String, PublicKey> keys, Instant at, Instant notBefore) {}
}
