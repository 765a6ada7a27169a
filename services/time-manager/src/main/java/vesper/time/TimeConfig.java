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
    atLeast("catch-up-hours", catchUpHours >= 1 && catchUpHours <= 8_760, "1 to 8760");
    atLeast("keep-boundaries", keepBoundaries.compareTo(Duration.ofDays(1)) >= 0, "1d or more");
    atLeast(
        "refresh",
        refresh.isPositive() && refresh.compareTo(Duration.ofSeconds(1)) <= 0,
        "more than 0, at most 1s");
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
      atLeast("stream.most", most >= 1, "1 or more");
      atLeast("stream.gap", gap.toMillis() >= 10, "10ms or more");
      atLeast("stream.still-alive", stillAlive.toMillis() >= 1_000, "1s or more");
    }
  }

  private static void atLeast(String key, boolean accepted, String form) {
    if (!accepted) {
      throw new IllegalArgumentException(key + ": " + form);
    }
  }
}
