package vesper.gateway;

import java.time.InstantSource;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import vesper.runtime.Ids;

/// Ids of requests: UUID version 7, as all ids. They are no secret, so that each thread makes its
/// own without waiting for the others.
final class RequestIds implements Ids {
  private final InstantSource clock;

  RequestIds(InstantSource clock) {
    this.clock = clock;
  }

  @Override
  public String next() {
    ThreadLocalRandom random = ThreadLocalRandom.current();
    long high = (clock.millis() << 16) | 0x7000 | (random.nextLong() & 0x0fff);
    long low = (random.nextLong() & 0x3fff_ffff_ffff_ffffL) | 0x8000_0000_0000_0000L;
    return new UUID(high, low).toString();
  }
}
