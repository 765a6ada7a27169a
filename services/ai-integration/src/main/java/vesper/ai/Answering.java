package vesper.ai;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.time.InstantSource;
import vesper.ai.v1.AnswerPath;
import vesper.ai.v1.Decision;
import vesper.ai.v1.DecisionStatus;
import vesper.ai.v1.Finish;

/// Answers requests, and sees to it that each leaves a record and its measures.
final class Answering {
  private final Means means;
  private final DecisionLog decisions;
  private final InstantSource clock;
  private final MeterRegistry meters;

  Answering(Means means, DecisionLog decisions, InstantSource clock, MeterRegistry meters) {
    this.means = means;
    this.decisions = decisions;
    this.clock = clock;
    this.meters = meters;
  }

  /// Answers a request; returns when the audience was told the end.
  ///
  /// @throws StatusRuntimeException FAILED_PRECONDITION when a model was required and none
  ///   answered, RESOURCE_EXHAUSTED when the audience takes nothing, CANCELLED when it left
  void answer(Ask ask, Audience audience) {
    Draft draft = new Draft(ask, clock.instant());
    decisions.enter();
    try {
      new Course(means, ask, audience, decisions, draft).run();
      measure(draft.record().build(), ask);
    } catch (StatusRuntimeException e) {
      boolean left = e.getStatus().getCode() == Status.Code.CANCELLED;
      record(
          draft,
          left ? DecisionStatus.DECISION_STATUS_CANCELLED : DecisionStatus.DECISION_STATUS_FAILED);
      throw e;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      record(draft, DecisionStatus.DECISION_STATUS_CANCELLED);
      throw Status.CANCELLED.withDescription("the server stops").asRuntimeException();
    } catch (RuntimeException e) {
      record(draft, DecisionStatus.DECISION_STATUS_FAILED);
      throw e;
    } finally {
      decisions.leave();
    }
  }

  private void record(Draft draft, DecisionStatus status) {
    if (status == DecisionStatus.DECISION_STATUS_CANCELLED) {
      draft.record().setFinish(Finish.FINISH_CANCELLED);
    }
    decisions.add(draft.finish(status));
  }

  private void measure(Decision decision, Ask ask) {
    meters
        .counter(
            "vesper.ai.answers",
            "path",
            decision.getPath().name(),
            "tier",
            decision.getTier().name(),
            "reason",
            decision.getReason().name())
        .increment();
    if (decision.getPath() != AnswerPath.ANSWER_PATH_MODEL) {
      return;
    }
    String model = decision.getModel();
    Timer.builder("gen_ai.client.operation.duration")
        .tag("gen_ai.request.model", model)
        .register(meters)
        .record(Duration.ofNanos(ask.elapsed()));
    decision.getAttemptsList().stream()
        .filter(attempt -> attempt.hasFirstToken() && attempt.getOutcome().equals("ok"))
        .forEach(attempt ->
            Timer.builder("gen_ai.server.time_to_first_token")
                .tag("gen_ai.request.model", model)
                .register(meters)
                .record(
                    Duration.ofSeconds(
                        attempt.getFirstToken().getSeconds(), attempt.getFirstToken().getNanos())));
    tokens(model, "input", decision.getUsage().getInputTokens());
    tokens(model, "output", decision.getUsage().getOutputTokens());
  }

  private void tokens(String model, String kind, int count) {
    DistributionSummary.builder("gen_ai.client.token.usage")
        .tag("gen_ai.request.model", model)
        .tag("gen_ai.token.type", kind)
        .register(meters)
        .record(count);
  }
}
