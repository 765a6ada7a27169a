package vesper.gateway;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.ConsumptionProbe;
import java.time.Duration;
import vesper.runtime.Principal;

/// How often callers may call: a bucket of tokens for each, which fills steadily. A principal's
/// bucket holds a third of what it may do in a minute, an address's what it may do in a second.
final class Rates {
  private static final int REMEMBERED = 100_000;
  private static final int PARTS = 3;
  private static final Duration FORGOTTEN = Duration.ofMinutes(2);

  private enum Kind {
    ANONYMOUS,
    READS,
    WRITES,
    STAFF
  }

  private record Key(Kind kind, String caller) {}

  /// What is left to a caller.
  ///
  /// @param limit calls that may be made at once, at most
  /// @param remaining calls that may be made right now
  /// @param reset seconds until these are as many again
  record Left(long limit, long remaining, long reset) {}

  private final RateConfig config;
  private final Cache<Key, Bucket> buckets =
      Caffeine.newBuilder().maximumSize(REMEMBERED).expireAfterAccess(FORGOTTEN).build();

  Rates(RateConfig config) {
    this.config = config;
  }

  /// Counts a request without a valid token.
  ///
  /// @throws io.grpc.StatusRuntimeException RESOURCE_EXHAUSTED when there were too many
  Left anonymous(String address) {
    return take(new Key(Kind.ANONYMOUS, address));
  }

  /// Counts a call of a principal.
  ///
  /// @param reads whether the call has no effect
  /// @throws io.grpc.StatusRuntimeException RESOURCE_EXHAUSTED when there were too many
  Left call(Principal principal, boolean reads) {
    Kind kind = principal.plays() ? reads ? Kind.READS : Kind.WRITES : Kind.STAFF;
    return take(new Key(kind, principal.subject()));
  }

  private Left take(Key key) {
    Bucket bucket = buckets.get(key, one -> bucket(one.kind()));
    ConsumptionProbe probe = bucket.tryConsumeAndReturnRemaining(1);
    if (!probe.isConsumed()) {
      throw Overload.tooOften(Duration.ofNanos(probe.getNanosToWaitForRefill()));
    }
    return new Left(
        capacity(key.kind()),
        probe.getRemainingTokens(),
        Duration.ofNanos(probe.getNanosToWaitForReset()).plusMillis(999).toSeconds());
  }

  private Bucket bucket(Kind kind) {
    Duration period = kind == Kind.ANONYMOUS ? Duration.ofSeconds(1) : Duration.ofMinutes(1);
    return Bucket.builder()
        .addLimit(limit -> limit.capacity(capacity(kind)).refillGreedy(allowed(kind), period))
        .build();
  }

  private long capacity(Kind kind) {
    return kind == Kind.ANONYMOUS ? allowed(kind) : Math.max(1, allowed(kind) / PARTS);
  }

  private long allowed(Kind kind) {
    return switch (kind) {
      case ANONYMOUS -> config.anonymous();
      case READS -> config.reads();
      case WRITES -> config.writes();
      case STAFF -> config.staff();
    };
  }
}
