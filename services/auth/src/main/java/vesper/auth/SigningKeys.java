package vesper.auth;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The signing keys as this replica knows them, and the rotation that every replica attempts:
/// whoever adds a generation first wins, and the others read it.
final class SigningKeys {
  private static final Logger log = LoggerFactory.getLogger(SigningKeys.class);

  private final SigningKeyStore store;
  private final Duration rotation;
  private final InstantSource clock;
  private volatile @Nullable KeyRing ring;

  SigningKeys(SigningKeyStore store, Duration rotation, InstantSource clock) {
    this.store = store;
    this.rotation = rotation;
    this.clock = clock;
  }

  /// Returns the key that signs now.
  SigningKey active() {
    return ring().active(clock.instant());
  }

  /// Returns the keys to publish now.
  KeyRing published() {
    return ring().published(clock.instant());
  }

  /// Reads the keys again, adds the next when its time has come, and deletes what no token can be
  /// signed with any more.
  KeyRing refresh() {
    Instant now = clock.instant();
    KeyRing read = store.read();
    var successor = read.successor(now, rotation);
    if (successor.isPresent()) {
      SigningKey made = successor.get();
      if (store.add(made)) {
        log.atInfo()
            .addKeyValue("kid", made.kid())
            .addKeyValue("activatesAt", made.activatesAt())
            .log("A signing key was added");
      }
      read = store.read();
    }
    long oldest = read.published(now).keys().getFirst().generation();
    if (read.keys().getFirst().generation() < oldest) {
      store.deleteBefore(oldest);
    }
    ring = read;
    return read;
  }

  private KeyRing ring() {
    KeyRing known = ring;
    return known != null ? known : refresh();
  }
}
