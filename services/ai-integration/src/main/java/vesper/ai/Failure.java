package vesper.ai;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import vesper.ai.v1.DegradeReason;
import vesper.airouter.v1.OutcomeResult;

/// Why a call to a model gave no whole answer.
///
/// @param outcome its name in records, as in `timeout` or `http-503`
/// @param result what it says about the endpoint
/// @param retryAfter how long the endpoint asked to be left alone
record Failure(String outcome, OutcomeResult result, Optional<Duration> retryAfter) {
  private static final int TOO_MANY = 429;
  private static final int REQUEST_TIMEOUT = 408;
  private static final int FIRST_SERVER_ERROR = 500;

  /// No connection came about.
  static final Failure CONNECT = failed("connect");

  /// The answer was none that the protocol knows.
  static final Failure MALFORMED = failed("malformed");

  /// The connection ended before the answer did.
  static final Failure DISCONNECTED = failed("disconnected");

  /// The model fell silent in the middle of its answer.
  static final Failure STALLED = failed("stalled");

  /// The model cannot be loaded.
  static final Failure MODEL = failed("model");

  /// The variable that the key is in does not exist.
  static final Failure NO_KEY = failed("no-key");

  /// The first token did not come in time.
  static final Failure TIMEOUT = of("timeout", OutcomeResult.OUTCOME_RESULT_TIMEOUT);

  /// There was less time than such a call needs, or the model was still being loaded.
  static final Failure TOO_LATE = of("too-late", OutcomeResult.OUTCOME_RESULT_CANCELLED);

  /// All slots were in use; the endpoint was not called.
  static final Failure BUSY = of("busy", OutcomeResult.OUTCOME_RESULT_UNSPECIFIED);

  /// Nobody wants the answer any more.
  static final Failure CANCELLED = of("cancelled", OutcomeResult.OUTCOME_RESULT_CANCELLED);

  /// The guard ended the answer.
  static final Failure GUARD = of("guard", OutcomeResult.OUTCOME_RESULT_CANCELLED);

  /// The answer held no words.
  static final Failure EMPTY = of("empty", OutcomeResult.OUTCOME_RESULT_OK);

  /// The server answered with a status that is no success.
  static Failure http(int status, Optional<Duration> retryAfter) {
    OutcomeResult result;
    if (status == TOO_MANY) {
      result = OutcomeResult.OUTCOME_RESULT_THROTTLED;
    } else if (status >= FIRST_SERVER_ERROR || status == REQUEST_TIMEOUT) {
      result = OutcomeResult.OUTCOME_RESULT_FAILED;
    } else {
      result = OutcomeResult.OUTCOME_RESULT_REFUSED;
    }
    return new Failure("http-" + status, result, retryAfter);
  }

  /// What an attempt says about its endpoint.
  ///
  /// @param failure none when the model said all
  static OutcomeResult resultOf(@Nullable Failure failure) {
    return failure == null ? OutcomeResult.OUTCOME_RESULT_OK : failure.result();
  }

  /// Why the answer is not the best, when nobody else gave one.
  DegradeReason reason() {
    return switch (result) {
      case OUTCOME_RESULT_TIMEOUT -> DegradeReason.DEGRADE_REASON_DEADLINE;
      case OUTCOME_RESULT_THROTTLED -> DegradeReason.DEGRADE_REASON_RATE;
      case OUTCOME_RESULT_UNSPECIFIED -> DegradeReason.DEGRADE_REASON_RATE;
      case OUTCOME_RESULT_CANCELLED ->
          this.equals(GUARD)
              ? DegradeReason.DEGRADE_REASON_GUARD
              : DegradeReason.DEGRADE_REASON_DEADLINE;
      case OUTCOME_RESULT_OK -> DegradeReason.DEGRADE_REASON_INVALID_OUTPUT;
      case OUTCOME_RESULT_FAILED, OUTCOME_RESULT_REFUSED, UNRECOGNIZED ->
          this.equals(MALFORMED)
              ? DegradeReason.DEGRADE_REASON_INVALID_OUTPUT
              : DegradeReason.DEGRADE_REASON_UNAVAILABLE;
    };
  }

  private static Failure failed(String outcome) {
    return of(outcome, OutcomeResult.OUTCOME_RESULT_FAILED);
  }

  private static Failure of(String outcome, OutcomeResult result) {
    return new Failure(outcome, result, Optional.empty());
  }
}
