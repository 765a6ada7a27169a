package vesper.testing.vllm;

import java.time.Duration;
import java.util.SplittableRandom;

/// What befalls one request. Which faults hit it follows from the server's seed and the request's
/// number; every rate has a draw of its own, so changing one does not move the others.
final class Chances {
  private static final int[] ERRORS = {503, 500, 429};
  private static final int NEVER = -1;

  private final Behaviour behaviour;
  private final SplittableRandom latency;
  private final int error;
  private final int stallAt;
  private final int cutAt;
  private final int malformedAt;

  /// Draws for a request.
  ///
  /// @param number of the request
  /// @param tokens of its answer
  Chances(long seed, long number, Behaviour behaviour, int tokens) {
    this.behaviour = behaviour;
    SplittableRandom random = new SplittableRandom(seed * 31 + number);
    Faults faults = behaviour.faults();
    boolean fails = random.nextDouble() < faults.errorRate();
    int any = ERRORS[random.nextInt(ERRORS.length)];
    error = fails ? (faults.errorStatus() == 0 ? any : faults.errorStatus()) : 0;
    stallAt = place(random, faults.stallRate(), tokens);
    cutAt = place(random, faults.disconnectRate(), tokens);
    malformedAt = place(random, faults.malformedRate(), tokens);
    latency = random.split();
  }

  /// Fails when the request is to be refused.
  void refuse() throws Refused {
    if (error != 0) {
      throw Refused.fault(error, behaviour.faults().retryAfter());
    }
  }

  /// How long the first token takes.
  Duration firstToken() {
    return drawn(behaviour.firstToken());
  }

  /// How long the next token takes.
  Duration nextToken() {
    return drawn(behaviour.perToken());
  }

  /// How long the answer is silent after a number of tokens.
  Duration silence(int sent) {
    return sent == stallAt ? behaviour.faults().stall() : Duration.ZERO;
  }

  /// Whether the connection is cut after a number of tokens.
  boolean cuts(int sent) {
    return sent == cutAt;
  }

  /// Whether a broken piece comes after a number of tokens.
  boolean breaks(int sent) {
    return sent == malformedAt;
  }

  /// After how many tokens a fault comes, at least one; -1 for never.
  private static int place(SplittableRandom random, double rate, int tokens) {
    boolean happens = random.nextDouble() < rate;
    int place = 1 + (int) (random.nextDouble() * Math.max(1, tokens - 1));
    return happens ? place : NEVER;
  }

  /// Lognormal with the given mean.
  private Duration drawn(Duration mean) {
    double sigma = behaviour.spread();
    double factor = Math.exp(sigma * latency.nextGaussian() - sigma * sigma / 2);
    return Duration.ofNanos(Math.round(mean.toNanos() * factor));
  }
}
