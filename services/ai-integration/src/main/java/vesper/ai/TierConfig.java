package vesper.ai;

import java.time.Duration;
import vesper.ai.v1.Tier;
import vesper.runtime.Setting;

/// Limits of a tier.
sealed interface TierConfig {
  /// Time of the whole answer.
  Duration whole();

  /// Time until the first words are shown.
  Duration firstText();

  /// Time of the first endpoint until its first token.
  Duration primary();

  /// More time, for each other endpoint of the tier.
  Duration other();

  /// More time, for an endpoint of the tier below.
  Duration below();

  /// Tokens of the prompt at most.
  int input();

  /// Tokens of the answer when nobody says how many.
  int output();

  /// Tokens of the answer at most.
  int cap();

  /// How freely the model chooses its words.
  double temperature();

  /// Share of the likeliest words that it chooses from.
  double topP();

  /// Throws when a value is out of its bounds.
  ///
  /// @param name of the tier, as in settings
  default void check(String name) {
    Duration most = Duration.ofMinutes(10);
    require(name, isPositive(whole()) && whole().compareTo(most) <= 0, "whole must be 1ms to 10m");
    require(
        name,
        isPositive(firstText()) && firstText().compareTo(whole()) <= 0,
        "first-text must be more than 0 and at most whole");
    require(name, isPositive(primary()), "primary must be more than 0");
    require(name, !other().isNegative(), "other must be at least 0");
    require(name, !below().isNegative(), "below must be at least 0");
    require(name, input() >= 64 && input() <= 1_000_000, "input must be 64 to 1000000");
    require(name, cap() >= 1 && cap() <= 8_192, "cap must be 1 to 8192");
    require(name, output() >= 1 && output() <= cap(), "output must be 1 to cap");
    require(name, temperature() >= 0 && temperature() <= 2, "temperature must be 0 to 2");
    require(name, topP() > 0 && topP() <= 1, "top-p must be more than 0 and at most 1");
  }

  /// Choices and barks.
  record Gold(
      @Setting("200ms") Duration whole,
      @Setting("200ms") Duration firstText,
      @Setting("170ms") Duration primary,
      @Setting("0ms") Duration other,
      @Setting("0ms") Duration below,
      @Setting("1024") int input,
      @Setting("8") int output,
      @Setting("16") int cap,
      @Setting("0.2") double temperature,
      @Setting("0.9") double topP)
      implements TierConfig {}

  /// Dialogue.
  record Silver(
      @Setting("6s") Duration whole,
      @Setting("1500ms") Duration firstText,
      @Setting("500ms") Duration primary,
      @Setting("300ms") Duration other,
      @Setting("250ms") Duration below,
      @Setting("4096") int input,
      @Setting("128") int output,
      @Setting("512") int cap,
      @Setting("0.8") double temperature,
      @Setting("0.95") double topP)
      implements TierConfig {}

  /// Long texts.
  record Bronze(
      @Setting("60s") Duration whole,
      @Setting("60s") Duration firstText,
      @Setting("30s") Duration primary,
      @Setting("15s") Duration other,
      @Setting("10s") Duration below,
      @Setting("16384") int input,
      @Setting("2048") int output,
      @Setting("8192") int cap,
      @Setting("0.7") double temperature,
      @Setting("0.95") double topP)
      implements TierConfig {}

  /// Returns the limits of a tier; those of SILVER when it is not set.
  static TierConfig of(AiConfig config, Tier tier) {
    return switch (tier) {
      case TIER_GOLD -> config.gold();
      case TIER_SILVER, TIER_UNSPECIFIED, UNRECOGNIZED -> config.silver();
      case TIER_BRONZE -> config.bronze();
    };
  }

  private static boolean isPositive(Duration duration) {
    return duration.toMillis() >= 1;
  }

  private static void require(String name, boolean met, String rule) {
    if (!met) {
      throw new IllegalArgumentException(name + "." + rule);
    }
  }
}
