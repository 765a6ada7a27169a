package vesper.npc;

import java.time.Duration;
import vesper.runtime.Setting;

/// Settings of the people.
///
/// @param talkTurns after which a talk is over
/// @param talkSilence after which a talk is over
/// @param turnsPerMinute most a player says in a minute
/// @param answersAtOnce turns that use the database at the same time; others wait
/// @param patience longest time that a turn waits for that
/// @param memories most that a person remembers of one player, and of the world at large
/// @param ask how long others are asked before a person answers
record NpcConfig(
    @Setting("30") int talkTurns,
    @Setting("10m") Duration talkSilence,
    @Setting("20") int turnsPerMinute,
    @Setting("8") int answersAtOnce,
    @Setting("10s") Duration patience,
    @Setting("2000") int memories,
    Ask ask) {

  /// How long other services are asked for one answer.
  ///
  /// @param world how the world is, and the vectors of the player's words
  /// @param knowledge what the documents say, and what must not be said; without it no model is
  ///   asked
  /// @param model whole answers
  record Ask(
      @Setting("60ms") Duration world,
      @Setting("250ms") Duration knowledge,
      @Setting("6s") Duration model) {

    /// Checks the bounds.
    Ask {
      require("world", world.isPositive(), "more than 0");
      require("knowledge", knowledge.isPositive(), "more than 0");
      require(
          "model",
          model.isPositive() && model.compareTo(Duration.ofSeconds(10)) <= 0,
          "more than 0, at most 10s");
    }
  }

  /// Checks the bounds.
  NpcConfig {
    require("talk-turns", talkTurns >= 1 && talkTurns <= 1_000, "1 to 1000");
    require("talk-silence", talkSilence.isPositive(), "more than 0");
    require("turns-per-minute", turnsPerMinute >= 1 && turnsPerMinute <= 1_000, "1 to 1000");
    require("answers-at-once", answersAtOnce >= 1, "1 or more");
    require("patience", patience.isPositive(), "more than 0");
    require("memories", memories >= 10 && memories <= 10_000, "10 to 10000");
  }

  private static void require(String key, boolean accepted, String form) {
    if (!accepted) {
      throw new IllegalArgumentException(key + ": " + form);
    }
  }
}
