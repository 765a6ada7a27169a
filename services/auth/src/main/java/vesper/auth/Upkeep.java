package vesper.auth;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import vesper.runtime.Stopping;
import vesper.runtime.Worker;

/// What has to be done from time to time: rotate the signing keys, forget old failures and
/// sessions.
final class Upkeep implements Worker {
  private static final Duration PERIOD = Duration.ofMinutes(1);

  /// How long an expired session is kept, so that its token is still answered with EXPIRED.
  private static final Duration SESSION_MEMORY = Duration.ofDays(1);

  private final SigningKeys keys;
  private final AuthStore store;
  private final LoginGuard guard;
  private final InstantSource clock;

  Upkeep(SigningKeys keys, AuthStore store, LoginGuard guard, InstantSource clock) {
    this.keys = keys;
    this.store = store;
    this.guard = guard;
    this.clock = clock;
  }

  @Override
  public String name() {
    return "auth-upkeep";
  }

  @Override
  public void run(Stopping stop) throws InterruptedException {
    do {
      once();
    } while (!stop.await(PERIOD));
  }

  void once() {
    Instant now = clock.instant();
    keys.refresh();
    store.prune(now.minus(guard.memory()), now.minus(SESSION_MEMORY));
  }
}
