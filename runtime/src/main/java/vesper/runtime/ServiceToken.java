package vesper.runtime;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.Supplier;

/// The token by which a service shows others that it is the caller; a new one before the old
/// expires.
final class ServiceToken implements Supplier<String> {
  private static final Duration TTL = Duration.ofMinutes(5);
  private static final Duration RENEW_BEFORE = Duration.ofMinutes(2);

  private final InstallationKeys keys;
  private final Principal service;
  private final InstantSource clock;
  private volatile Issued issued;

  ServiceToken(InstallationKeys keys, String service, InstantSource clock) {
    this.keys = keys;
    this.service = Principal.service(service);
    this.clock = clock;
    this.issued = new Issued("", Instant.MIN);
  }

  @Override
  public String get() {
    Instant now = clock.instant();
    Issued current = issued;
    if (now.isBefore(current.renewAt())) {
      return current.token();
    }
    Issued fresh = new Issued(keys.token(service, TTL, clock), now.plus(TTL).minus(RENEW_BEFORE));
    issued = fresh;
    return fresh.token();
  }

  private record Issued(String token, Instant renewAt) {}
}
