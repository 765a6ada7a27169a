package vesper.runtime;

import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Lets one loop outlast a time in which something it needs is away. For use by one thread.
public final class Outage {
  private static final Logger LOG = LoggerFactory.getLogger(Outage.class);
  private static final Duration FIRST = Duration.ofSeconds(1);
  private static final Duration LONGEST = Duration.ofSeconds(5);
  private static final Set<Code> HEALS =
      Set.of(Code.UNAVAILABLE, Code.DEADLINE_EXCEEDED, Code.ABORTED, Code.RESOURCE_EXHAUSTED);

  private final String loop;
  private Duration next = FIRST;
  private boolean lasts;

  /// Of a loop, by its name in the log.
  public Outage(String loop) {
    this.loop = loop;
  }

  /// Whether waiting heals a failure: something is away, busy or full.
  static boolean heals(Throwable failure) {
    return failure instanceof StatusRuntimeException status
        && HEALS.contains(status.getStatus().getCode());
  }

  /// Takes what ended a turn of the loop, and returns how long to wait before the next: longer each
  /// time, up to five seconds. Throws what waiting does not heal.
  public Duration pause(StatusRuntimeException failure) {
    if (!heals(failure)) {
      throw failure;
    }
    if (!lasts) {
      LOG.atWarn()
          .addKeyValue("loop", loop)
          .addKeyValue("status", failure.getStatus().getCode())
          .addKeyValue("cause", failure.getStatus().getDescription())
          .log("A loop waits for what it needs");
    }
    lasts = true;
    var pause = next;
    next = next.multipliedBy(2).compareTo(LONGEST) < 0 ? next.multipliedBy(2) : LONGEST;
    return pause;
  }

  /// Notes that a turn of the loop succeeded.
  public void over() {
    if (lasts) {
      LOG.atInfo().addKeyValue("loop", loop).log("A loop goes on");
    }
    lasts = false;
    next = FIRST;
  }
}
