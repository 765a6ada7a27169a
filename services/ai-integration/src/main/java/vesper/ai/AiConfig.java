package vesper.ai;

import java.time.Duration;
import java.util.Optional;
import vesper.runtime.Bytes;
import vesper.runtime.Secret;
import vesper.runtime.Setting;

/// Settings of the door to the models.
///
/// @param rating what may be shown where no other policy says so
/// @param markSecret makes the marks around players' words; a random one when absent
/// @param gold limits of the tier
/// @param silver limits of the tier
/// @param bronze limits of the tier
/// @param stream how words are handed on
/// @param route how the router is asked
/// @param backends how models are called
/// @param decisions how records are kept
/// @param embed how vectors are made
record AiConfig(
    @Setting("m") Rating rating,
    Optional<Secret> markSecret,
    TierConfig.Gold gold,
    TierConfig.Silver silver,
    TierConfig.Bronze bronze,
    Stream stream,
    Route route,
    Backends backends,
    Decisions decisions,
    Embed embed) {

  AiConfig {
    gold.check("gold");
    silver.check("silver");
    bronze.check("bronze");
  }

  /// How words are handed on.
  ///
  /// @param hold time after which held words are handed on
  /// @param clauseChars from so many held characters on a comma hands them on
  /// @param holdChars so many held characters are handed on by themselves
  /// @param tailChars characters of those that stay held
  /// @param stall longest silence of a model in the middle of its answer
  /// @param blocked longest time that a reader takes nothing
  record Stream(
      @Setting("400ms") Duration hold,
      @Setting("60") int clauseChars,
      @Setting("120") int holdChars,
      @Setting("32") int tailChars,
      @Setting("1s") Duration stall,
      @Setting("5s") Duration blocked) {
    Stream {
      require(hold.isPositive(), "hold must be more than 0");
      require(
          tailChars >= 0 && tailChars < clauseChars && tailChars < holdChars,
          "tail-chars must be less than clause-chars and hold-chars");
      require(holdChars <= 2_000, "hold-chars must be at most 2000");
      require(stall.isPositive(), "stall must be more than 0");
      require(blocked.isPositive(), "blocked must be more than 0");
    }
  }

  /// How the router is asked.
  ///
  /// @param timeout longest wait for its plan
  /// @param patience longest second wait, where no plan is remembered
  /// @param remember how long a plan is used when the router does not answer
  record Route(
      @Setting("50ms") Duration timeout,
      @Setting("300ms") Duration patience,
      @Setting("60s") Duration remember) {
    Route {
      require(timeout.isPositive(), "timeout must be more than 0");
      require(patience.isPositive(), "patience must be more than 0");
      require(!remember.isNegative(), "remember must be at least 0");
    }
  }

  /// How models are called.
  ///
  /// @param connect longest time to open a connection
  /// @param slots calls at once of an endpoint that does not say how many
  record Backends(@Setting("1s") Duration connect, @Setting("8") int slots) {
    Backends {
      require(connect.isPositive(), "connect must be more than 0");
      require(slots >= 1 && slots <= 10_000, "slots must be 1 to 10000");
    }
  }

  /// How records are kept.
  ///
  /// @param flush longest time until a record is written
  /// @param batch most records written at once
  /// @param queue most records that wait to be written; more are lost
  /// @param keepBodies how long prompts and words are kept
  /// @param keep how long the rest is kept
  record Decisions(
      @Setting("200ms") Duration flush,
      @Setting("256") int batch,
      @Setting("4096") int queue,
      @Setting("30d") Duration keepBodies,
      @Setting("400d") Duration keep) {
    Decisions {
      require(flush.toMillis() >= 1 && flush.toSeconds() <= 10, "flush must be 1ms to 10s");
      require(batch >= 1 && batch <= 10_000, "batch must be 1 to 10000");
      require(queue >= batch && queue <= 1_000_000, "queue must be from batch to 1000000");
      require(keepBodies.isPositive(), "keep-bodies must be more than 0");
      require(keep.compareTo(keepBodies) >= 0, "keep must be at least keep-bodies");
    }
  }

  /// How vectors are made.
  ///
  /// @param threads texts at once; as many as processors when 0
  /// @param cache size of the memory of recent texts
  /// @param warm whether the model is loaded when the process starts, and not at the first text
  record Embed(
      @Setting("0") int threads, @Setting("32MiB") Bytes cache, @Setting("true") boolean warm) {
    Embed {
      require(threads >= 0 && threads <= 256, "threads must be 0 to 256");
    }
  }

  private static void require(boolean met, String rule) {
    if (!met) {
      throw new IllegalArgumentException(rule);
    }
  }
}
