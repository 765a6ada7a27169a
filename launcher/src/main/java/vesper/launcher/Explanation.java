package vesper.launcher;

import com.google.protobuf.Duration;
import com.google.protobuf.util.Durations;
import io.grpc.Channel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import vesper.ai.v1.AiGrpc;
import vesper.ai.v1.Decision;
import vesper.ai.v1.DecisionAttempt;
import vesper.ai.v1.GenerateTimings;
import vesper.ai.v1.GetDecisionRequest;
import vesper.ai.v1.GuardVerdict;
import vesper.ai.v1.PromptSection;
import vesper.ai.v1.TokenUsage;
import vesper.npc.v1.GetConversationRequest;
import vesper.npc.v1.NpcsGrpc;
import vesper.npc.v1.Turn;

/// Tells how an answer came about: its record, and what it was built from.
final class Explanation {
  private static final int PATIENCE_TENTHS = 30;
  private static final int WIDEST = 96;

  private final Channel operator;
  private final PrintWriter out;

  /// @param operator to the gateway, as one who may see records
  Explanation(Channel operator, PrintWriter out) {
    this.operator = operator;
    this.out = out;
  }

  /// Prints the record of an answer, with the memories and passages of its turn.
  void print(String world, String conversation, String decisionId) {
    Optional<Decision> decision = find(decisionId);
    if (decision.isEmpty()) {
      out.println("  no record " + decisionId + ": the door to the models did not take part");
    }
    decision.ifPresent(this::print);
    NpcsGrpc.newBlockingStub(operator)
        .withDeadlineAfter(5, TimeUnit.SECONDS)
        .getConversation(
            GetConversationRequest.newBuilder()
                .setWorldId(world)
                .setConversationId(conversation)
                .build())
        .getTurnsList()
        .stream()
        .filter(turn -> turn.getDecisionId().equals(decisionId))
        .forEach(this::print);
    out.flush();
  }

  /// Waits for a record: it is written a moment after the answer.
  private Optional<Decision> find(String id) {
    AiGrpc.AiBlockingStub ai = AiGrpc.newBlockingStub(operator);
    for (int attempt = 1; ; attempt++) {
      try {
        return Optional.of(
            ai.withDeadlineAfter(5, TimeUnit.SECONDS)
                .getDecision(GetDecisionRequest.newBuilder().setDecisionId(id).build()));
      } catch (StatusRuntimeException failure) {
        if (failure.getStatus().getCode() != Status.Code.NOT_FOUND) {
          throw failure;
        }
        if (attempt == PATIENCE_TENTHS) {
          return Optional.empty();
        }
        pause();
      }
    }
  }

  private static void pause() {
    try {
      TimeUnit.MILLISECONDS.sleep(100);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new CommandFailure("interrupted");
    }
  }

  /// Prints a record.
  void print(Decision decision) {
    out.println("  record     " + decision.getDecisionId() + " · " + headline(decision));
    row("route", decision.getRouteReasonsList());
    for (DecisionAttempt attempt : decision.getAttemptsList()) {
      row("attempt", List.of(attempt(attempt)));
    }
    row("guard", guard(decision.getVerdictsList()));
    row("prompt", List.of(sections(decision.getSectionsList())));
    row("tokens", List.of(tokens(decision.getUsage())));
    row("times", List.of(times(decision.getTimings())));
  }

  /// Says in a line where the words came from.
  static String headline(Decision decision) {
    StringBuilder line = new StringBuilder(word(decision.getPath().name(), "ANSWER_PATH_"));
    if (!decision.getModel().isEmpty()) {
      line.append(" · ").append(word(decision.getTier().name(), "TIER_"));
      line.append(" · ").append(decision.getEndpointId()).append(' ').append(decision.getModel());
    }
    line.append(" · ").append(word(decision.getFinish().name(), "FINISH_"));
    if (decision.getReasonValue() != 0) {
      line.append(" · ").append(word(decision.getReason().name(), "DEGRADE_REASON_"));
    }
    return line.toString();
  }

  private void print(Turn turn) {
    turn.getMemoriesList()
        .forEach(memory ->
            row(
                "memory",
                List.of(
                    String.format(
                        Locale.ROOT,
                        "%.2f = recency %.2f + importance %.2f + relevance %.2f  %s",
                        memory.getScore(),
                        memory.getRecency(),
                        memory.getImportance(),
                        memory.getRelevance(),
                        shortened(memory.getMemory().getText())))));
    turn.getCitationsList()
        .forEach(citation ->
            row(
                "passage",
                List.of(
                    "[%d] %s  %s"
                        .formatted(
                            citation.getNumber(), citation.getTitle(), citation.getPath()))));
  }

  private void row(String name, List<String> values) {
    String label = name;
    for (String value : values) {
      if (!value.isEmpty()) {
        out.printf("  %-10s %s%n", label, value);
        label = "";
      }
    }
  }

  private static String attempt(DecisionAttempt attempt) {
    return "%d %s %s %s: %s, first token %s, total %s"
        .formatted(
            attempt.getNumber(),
            word(attempt.getKind().name(), "ATTEMPT_KIND_"),
            word(attempt.getTier().name(), "TIER_"),
            attempt.getEndpointId(),
            attempt.getOutcome(),
            attempt.hasFirstToken() ? millis(attempt.getFirstToken()) : "none",
            millis(attempt.getTotal()));
  }

  private static List<String> guard(List<GuardVerdict> verdicts) {
    return verdicts.isEmpty()
        ? List.of("nothing found")
        : verdicts.stream()
            .map(verdict ->
                "%s: %s, %s"
                    .formatted(
                        verdict.getPlace(),
                        verdict.getRule(),
                        word(verdict.getAction().name(), "GUARD_ACTION_")))
            .toList();
  }

  private static String sections(List<PromptSection> sections) {
    return sections.stream()
        .map(section -> section.getName() + " " + section.getTokens())
        .collect(Collectors.joining(" · "));
  }

  private static String tokens(TokenUsage usage) {
    return usage.getSourceValue() == 0
        ? "none"
        : "%d in, %d of them cached · %d out · by %s"
            .formatted(
                usage.getInputTokens(),
                usage.getCachedTokens(),
                usage.getOutputTokens(),
                word(usage.getSource().name(), "USAGE_SOURCE_"));
  }

  private static String times(GenerateTimings times) {
    return "prepared %s · first token %s · first text %s · total %s"
        .formatted(
            millis(times.getPrepared()),
            times.hasFirstToken() ? millis(times.getFirstToken()) : "none",
            millis(times.getFirstText()),
            millis(times.getTotal()));
  }

  /// Writes a time as milliseconds.
  static String millis(Duration time) {
    return String.format(Locale.ROOT, "%.1f ms", Durations.toNanos(time) / 1e6);
  }

  /// Writes the constant of an enum as a word.
  static String word(String constant, String prefix) {
    String word = constant.startsWith(prefix) ? constant.substring(prefix.length()) : constant;
    return word.toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static String shortened(String text) {
    return text.length() <= WIDEST ? text : text.substring(0, WIDEST - 1) + "…";
  }
}
