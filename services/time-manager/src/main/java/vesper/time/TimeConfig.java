package vesper.time;

import java.time.Duration;
import vesper.runtime.Setting;

/// Settings of the clock service. Rate, start and calendar are the world pack's.
///
/// @param catchUpHours game hours of which every boundary is announced after a stall
/// @param keepBoundaries how long the record of an announced boundary is kept
/// @param refresh how often clocks are read again, and so how soon a change made at another replica
///   is seen
/// @param stream the streams of ticks
record TimeConfig(
    @Setting("48") int catchUpHours,
    @Setting("30d") Duration keepBoundaries,
    @Setting("500ms") Duration refresh,
    Stream stream) {
  TimeConfig {
    require(catchUpHours >= 1 && catchUpHours <= 8_760, "catch-up-hours must be 1 to 8760");
    require(keepBoundaries.toDays() >= 1, "keep-boundaries must be at least 1d");
    require(refresh.toMillis() >= 10 && refresh.toMillis() <= 1_000, "refresh must be 10ms to 1s");
  }

  /// Settings of streams.
  ///
  /// @param most streams open at a time
  /// @param gap shortest real time between two ticks of one stream
  /// @param stillAlive longest real time without a tick
  record Stream(
      @Setting("1000") int most,
      @Setting("50ms") Duration gap,
      @Setting("20s") Duration stillAlive) {
    Stream {
      require(most >= 1, "most must be at least 1");
      require(gap.toMillis() >= 10 && gap.toMillis() <= 1_000, "gap must be 10ms to 1s");
      require(stillAlive.toSeconds() >= 1, "still-alive must be at least 1s");
    }
  }

  private static void require(boolean met, String rule) {
    if (!met) {
      throw new IllegalArgumentException(rule);
    }
  }
}
