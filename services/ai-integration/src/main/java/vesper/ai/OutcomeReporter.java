package vesper.ai;

import io.grpc.Channel;
import io.grpc.StatusRuntimeException;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import vesper.airouter.v1.AiRouterGrpc;
import vesper.airouter.v1.Outcome;
import vesper.airouter.v1.ReportOutcomesRequest;
import vesper.runtime.Stopping;
import vesper.runtime.Worker;

/// Tells the router how calls went: failures at once, the others a few times a second. What the
/// router did not take is told again with the next ones; when too many wait the newest are dropped.
final class OutcomeReporter implements Worker {
  private static final Logger LOG = LoggerFactory.getLogger(OutcomeReporter.class);
  private static final int MOST_WAITING = 2_000;
  private static final int MOST_AT_ONCE = 500;
  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

  private final AiRouterGrpc.AiRouterBlockingStub router;
  private final ArrayBlockingQueue<Outcome> waiting = new ArrayBlockingQueue<>(MOST_WAITING);
  private final Alarm urgent = new Alarm();
  private final Counter dropped;

  OutcomeReporter(Channel channel, MeterRegistry meters) {
    router = AiRouterGrpc.newBlockingStub(channel);
    dropped =
        Counter.builder("vesper.ai.outcomes.dropped")
            .description("Outcomes that the router was not told")
            .register(meters);
  }

  @Override
  public String name() {
    return "outcomes";
  }

  void report(Outcome outcome) {
    if (!waiting.offer(outcome)) {
      dropped.increment();
    }
    switch (outcome.getResult()) {
      case OUTCOME_RESULT_FAILED, OUTCOME_RESULT_TIMEOUT, OUTCOME_RESULT_THROTTLED -> urgent.ring();
      case OUTCOME_RESULT_UNSPECIFIED,
          OUTCOME_RESULT_OK,
          OUTCOME_RESULT_REFUSED,
          OUTCOME_RESULT_CANCELLED,
          UNRECOGNIZED -> {
        // It can wait for others.
      }
    }
  }

  @Override
  public void run(Stopping stop) throws InterruptedException {
    List<Outcome> batch = new ArrayList<>();
    while (!stop.requested()) {
      urgent.await(PAUSE_NANOS);
      waiting.drainTo(batch, MOST_AT_ONCE - batch.size());
      if (!batch.isEmpty() && tell(batch)) {
        batch.clear();
      }
    }
  }

  private boolean tell(List<Outcome> batch) {
    try {
      var answer =
          router.reportOutcomes(ReportOutcomesRequest.newBuilder().addAllOutcomes(batch).build());
      return answer.isInitialized();
    } catch (StatusRuntimeException e) {
      LOG.atDebug().setCause(e).log("The router did not take outcomes");
      return false;
    }
  }
}
