package vesper.auth;

import static java.util.stream.Collectors.joining;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// All signing keys of an installation in the order of their generations.
///
/// What a key is follows from the time alone, so replicas that read the same keys agree without a
/// word: NEXT until it activates, ACTIVE until its successor does, RETIRED for 24 h after that. A
/// key is NEXT for at least 24 h, so every verifier knows it before the first token that it signs.
record KeyRing(List<SigningKey> keys) {
  /// How long before its first and after its last token a key is published.
  static final Duration OVERLAP = Duration.ofHours(24);

  KeyRing {
    keys = List.copyOf(keys);
  }

  /// Returns the key that signs now. A first key signs even where the clock is behind its
  /// activation.
  SigningKey active(Instant now) {
    SigningKey active = keys.getFirst();
    for (SigningKey key : keys) {
      if (!key.activatesAt().isAfter(now)) {
        active = key;
      }
    }
    return active;
  }

  /// Returns the keys that tokens in use may be signed with, now or within 24 h.
  KeyRing published(Instant now) {
    List<SigningKey> published = new ArrayList<>();
    for (int i = 0; i < keys.size(); i++) {
      boolean newest = i == keys.size() - 1;
      if (newest || now.isBefore(keys.get(i + 1).activatesAt().plus(OVERLAP))) {
        published.add(keys.get(i));
      }
    }
    return new KeyRing(published);
  }

  /// Makes the key that has to be added now, if one has to, when keys are active for `rotation`
  /// each.
  Optional<SigningKey> successor(Instant now, Duration rotation) {
    if (keys.isEmpty()) {
      return Optional.of(SigningKey.generate(1, now));
    }
    SigningKey newest = keys.getLast();
    if (now.isBefore(newest.activatesAt().plus(rotation).minus(OVERLAP))) {
      return Optional.empty();
    }
    return Optional.of(SigningKey.generate(newest.generation() + 1, now.plus(OVERLAP)));
  }

  /// Returns the public keys as a JSON Web Key Set (RFC 7517).
  String jwks() {
    return keys.stream().map(SigningKey::jwk).collect(joining(",", "{\"keys\":[", "]}"));
  }
}
