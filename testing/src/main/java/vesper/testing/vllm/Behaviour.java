package vesper.testing.vllm;

import java.time.Duration;

/// How a fake server answers. It can be changed while the server runs.
///
/// @param firstToken mean time to the first token
/// @param perToken mean time between two tokens
/// @param spread of both: the sigma of their lognormal distribution, 0 for exact times
/// @param meanTokens mean length of an answer
/// @param reply what every answer says; empty to have it made from the prompt
/// @param obey whether it does what any text of the prompt tells it to
/// @param healthy whether `/health` and `/v1/models` answer
/// @param faults what goes wrong
public record Behaviour(
    Duration firstToken,
    Duration perToken,
    double spread,
    int meanTokens,
    String reply,
    boolean obey,
    boolean healthy,
    Faults faults) {

  /// At once and without faults, with answers of about 40 tokens.
  public static final Behaviour AT_ONCE =
      new Behaviour(Duration.ZERO, Duration.ZERO, 0.25, 40, "", false, true, Faults.NONE);

  /// Checks the ranges.
  public Behaviour {
    Range.time("first_token_ms", firstToken);
    Range.time("per_token_ms", perToken);
    Range.require(spread >= 0 && spread <= 2, "spread must be 0 to 2");
    Range.require(meanTokens >= 1 && meanTokens <= 8_192, "mean_tokens must be 1 to 8192");
    Range.require(reply.length() <= 65_536, "reply must have at most 65536 characters");
  }

  /// The same with other mean times.
  public Behaviour withTimes(Duration toFirst, Duration between) {
    return new Behaviour(toFirst, between, spread, meanTokens, reply, obey, healthy, faults);
  }

  /// The same with another sigma.
  public Behaviour withSpread(double sigma) {
    return new Behaviour(firstToken, perToken, sigma, meanTokens, reply, obey, healthy, faults);
  }

  /// The same with another mean length.
  public Behaviour withMeanTokens(int tokens) {
    return new Behaviour(firstToken, perToken, spread, tokens, reply, obey, healthy, faults);
  }

  /// The same with given words.
  public Behaviour withReply(String text) {
    return new Behaviour(firstToken, perToken, spread, meanTokens, text, obey, healthy, faults);
  }

  /// The same, obedient or not.
  public Behaviour withObey(boolean obedient) {
    return new Behaviour(
        firstToken, perToken, spread, meanTokens, reply, obedient, healthy, faults);
  }

  /// The same, healthy or not.
  public Behaviour withHealthy(boolean answers) {
    return new Behaviour(firstToken, perToken, spread, meanTokens, reply, obey, answers, faults);
  }

  /// The same with other faults.
  public Behaviour withFaults(Faults wrong) {
    return new Behaviour(firstToken, perToken, spread, meanTokens, reply, obey, healthy, wrong);
  }
}
