package vesper.routing;

import java.time.Duration;
import java.util.Optional;

/// How one call to an endpoint went.
///
/// @param firstToken from the start of the call; empty when none came
/// @param total from the start of the call to its end
/// @param retryAfter how long the endpoint asked to be left alone, if it did
public record CallOutcome(
    Result result, Optional<Duration> firstToken, Duration total, Optional<Duration> retryAfter) {

  /// How a call ended.
  public enum Result {
    /// It was answered.
    OK,
    /// No connection, an error of the server, an answer that is none, or silence.
    FAILED,
    /// Its time was up.
    TIMEOUT,
    /// The endpoint asked to be left alone.
    THROTTLED,
    /// The endpoint refused the request itself.
    REFUSED,
    /// The asker left.
    CANCELLED
  }

  /// An answer.
  public static CallOutcome ok(Duration firstToken, Duration total) {
    return new CallOutcome(Result.OK, Optional.of(firstToken), total, Optional.empty());
  }

  /// An end of the given kind without a token.
  public static CallOutcome without(Result result, Duration total) {
    return new CallOutcome(result, Optional.empty(), total, Optional.empty());
  }

  /// A refusal for too many calls.
  public static CallOutcome throttled(Duration retryAfter) {
    return new CallOutcome(
        Result.THROTTLED, Optional.empty(), Duration.ZERO, Optional.of(retryAfter));
  }

  /// Whether it tells anything about the endpoint.
  boolean counts() {
    return switch (result) {
      case OK, FAILED, TIMEOUT -> true;
      case THROTTLED, REFUSED, CANCELLED -> false;
    };
  }
}
