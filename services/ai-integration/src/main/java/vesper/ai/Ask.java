package vesper.ai;

import io.grpc.Context;
import io.grpc.Deadline;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import vesper.ai.v1.Display;
import vesper.ai.v1.GenerateRequest;
import vesper.runtime.CallContext;
import vesper.runtime.Principal;
import vesper.runtime.Refusal;

/// One request for an answer, and what is known of the call that brought it.
///
/// @param decision id of its record
/// @param call the running rpc
/// @param startNanos when it came
/// @param time there is; none when the caller set no limit of its own
record Ask(
    GenerateRequest request,
    String decision,
    CallContext call,
    long startNanos,
    Optional<Duration> time) {
  /// What is left for the way back.
  private static final Duration WAY_BACK = Duration.ofMillis(10);

  /// Deadlines beyond this are none: such a stream would have no limit.
  private static final Duration LONGEST = Duration.ofSeconds(90);

  /// Checks what the contract cannot.
  ///
  /// @param fresh a new id, for a record that the caller made none for
  static Ask of(GenerateRequest request, String fresh) {
    CallContext call = CallContext.current();
    boolean service = call.callerService().isPresent();
    if (request.getTierValue() != 0 && !service) {
      throw Refusal.denied("only services may set the tier");
    }
    if (request.hasSignals() && !service && isOperator(call)) {
      throw Refusal.denied("only services and game servers may set the signals");
    }
    long distinct =
        request.getPrompt().getPassagesList().stream()
            .mapToInt(passage -> passage.getNumber())
            .distinct()
            .count();
    if (distinct != request.getPrompt().getPassagesCount()) {
      throw Refusal.invalid("prompt.passages", "no two may have the same number");
    }
    String decision =
        request.getDecisionId().isEmpty()
            ? fresh
            : request.getDecisionId().toLowerCase(Locale.ROOT);
    return new Ask(request, decision, call, System.nanoTime(), left());
  }

  /// Whether a player sees the answer.
  boolean visible() {
    return request.getDisplay() != Display.DISPLAY_INTERNAL;
  }

  /// Who asked, for the record.
  String caller() {
    return call.callerService().orElse(call.principal().kind().name().toLowerCase(Locale.ROOT));
  }

  String locale() {
    return request.getLocale().isEmpty() ? "en" : request.getLocale();
  }

  /// Nanoseconds since it came.
  long elapsed() {
    return System.nanoTime() - startNanos;
  }

  private static boolean isOperator(CallContext call) {
    return call.principal().kind() == Principal.Kind.OPERATOR;
  }

  private static Optional<Duration> left() {
    Deadline deadline = Context.current().getDeadline();
    return Optional.ofNullable(deadline)
        .map(end -> Duration.ofNanos(end.timeRemaining(TimeUnit.NANOSECONDS)))
        .filter(left -> left.compareTo(LONGEST) <= 0)
        .map(left -> left.minus(WAY_BACK));
  }
}
