package vesper.testing.vllm;

import java.time.Duration;

/// What goes wrong. Rates are shares of requests, 0 to 1; which requests they hit follows from the
/// server's seed and the order of requests.
///
/// @param errorRate requests that are refused with an error
/// @param errorStatus its HTTP status: 429, 500 or 503, or 0 for any of them
/// @param retryAfter what a refusal with 429 or 503 asks to wait, in whole seconds
/// @param stallRate answers that fall silent after some tokens
/// @param stall for how long
/// @param disconnectRate answers whose connection is cut after some tokens
/// @param malformedRate answers of which one piece is no JSON
public record Faults(
    double errorRate,
    int errorStatus,
    Duration retryAfter,
    double stallRate,
    Duration stall,
    double disconnectRate,
    double malformedRate) {

  /// Nothing goes wrong.
  public static final Faults NONE =
      new Faults(0, 0, Duration.ofSeconds(1), 0, Duration.ofSeconds(30), 0, 0);

  /// Checks the ranges.
  public Faults {
    Range.share("error_rate", errorRate);
    Range.share("stall_rate", stallRate);
    Range.share("disconnect_rate", disconnectRate);
    Range.share("malformed_rate", malformedRate);
    Range.require(
        errorStatus == 0 || errorStatus == 429 || errorStatus == 500 || errorStatus == 503,
        "error_status must be 429, 500, 503 or 0 for any of them");
    Range.time("retry_after_ms", retryAfter);
    Range.time("stall_ms", stall);
  }

  /// The same with errors of one status, or of any when it is 0.
  public Faults withErrors(double rate, int status) {
    return new Faults(rate, status, retryAfter, stallRate, stall, disconnectRate, malformedRate);
  }

  /// The same with another time to wait after a refusal.
  public Faults withRetryAfter(Duration time) {
    return new Faults(
        errorRate, errorStatus, time, stallRate, stall, disconnectRate, malformedRate);
  }

  /// The same with silences.
  public Faults withStalls(double rate, Duration time) {
    return new Faults(
        errorRate, errorStatus, retryAfter, rate, time, disconnectRate, malformedRate);
  }

  /// The same with cut connections.
  public Faults withDisconnects(double rate) {
    return new Faults(errorRate, errorStatus, retryAfter, stallRate, stall, rate, malformedRate);
  }

  /// The same with broken pieces.
  public Faults withMalformed(double rate) {
    return new Faults(errorRate, errorStatus, retryAfter, stallRate, stall, disconnectRate, rate);
  }
}
