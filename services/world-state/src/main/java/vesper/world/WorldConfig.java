package vesper.world;

import java.time.Duration;
import vesper.runtime.Setting;

/// Settings of the world service. What is in a new world is the world pack's.
///
/// @param keepChanges how long the change log goes back
/// @param maxEntities entities of a world
/// @param maxFlags flags of a world
/// @param watch the streams of changes
record WorldConfig(
    @Setting("30d") Duration keepChanges,
    @Setting("250000") int maxEntities,
    @Setting("10000") int maxFlags,
    Watch watch) {
  WorldConfig {
    require(keepChanges.toDays() >= 1, "keep-changes must be at least 1d");
    require(maxEntities >= 1, "max-entities must be at least 1");
    require(maxFlags >= 1, "max-flags must be at least 1");
  }

  /// Settings of streams.
  ///
  /// @param most streams open at a time
  /// @param pending entities and flags that may wait for a slow reader before it gets everything
  ///   anew
  /// @param poll how often the log is read for changes that other replicas made, while somebody
  ///   watches
  /// @param stillAlive longest real time without a frame
  /// @param resume how long a resume token is good
  /// @param resumeChanges for how many changes it is good
  record Watch(
      @Setting("1000") int most,
      @Setting("4096") int pending,
      @Setting("150ms") Duration poll,
      @Setting("5s") Duration stillAlive,
      @Setting("5m") Duration resume,
      @Setting("10000") int resumeChanges) {
    Watch {
      require(most >= 1, "most must be at least 1");
      require(pending >= 1, "pending must be at least 1");
      require(poll.toMillis() >= 10 && poll.toMillis() <= 1_000, "poll must be 10ms to 1s");
      require(stillAlive.toMillis() >= 100, "still-alive must be at least 100ms");
      require(resume.toSeconds() >= 1, "resume must be at least 1s");
      require(resumeChanges >= 1 && resumeChanges <= 100_000, "resume-changes must be 1 to 100000");
    }
  }

  private static void require(boolean met, String rule) {
    if (!met) {
      throw new IllegalArgumentException(rule);
    }
  }
}
