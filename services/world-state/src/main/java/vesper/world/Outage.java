package vesper.world;

import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Lets one loop outlast a time in which the database is away. For use by one thread.
final class Outage {
  private static final Logger LOG = LoggerFactory.getLogger(Outage.class);
  private static final Duration PAUSE = Duration.ofSeconds(1);

  private static final Set<Code> HEALS =
      Set.of(Code.UNAVAILABLE, Code.DEADLINE_EXCEEDED, Code.ABORTED);

  private final String loop;
  private boolean lasts;

  Outage(String loop) {
    this.loop = loop;
  }

  /// Takes what ended a turn of the loop, and returns how long to wait before the next; throws what
  /// waiting does not heal.
  Duration pause(StatusRuntimeException failure) {
    if (!HEALS.contains(failure.getStatus().getCode())) {
      throw failure;
    }
    if (!lasts) {
      LOG.atWarn()
          .addKeyValue("loop", loop)
          .addKeyValue("cause", failure.getStatus().getDescription())
          .log("A loop waits for the database");
    }
    lasts = true;
    return PAUSE;
  }

  /// Notes that a turn of the loop succeeded.
  void over() {
    if (lasts) {
      LOG.atInfo().addKeyValue("loop", loop).log("A loop goes on");
    }
    lasts = false;
  }
}
