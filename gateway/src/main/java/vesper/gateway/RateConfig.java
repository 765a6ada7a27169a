package vesper.gateway;

import vesper.runtime.Setting;

/// How often callers may call, keys `vesper.gateway.rate.*`. One with less left than nothing gets
/// 429.
///
/// @param anonymous requests a second of one address, without a valid token
/// @param reads calls without an effect a minute of one player
/// @param writes other calls a minute of one player
/// @param staff calls a minute of one operator, game server or service
public record RateConfig(
    @Setting("100") int anonymous,
    @Setting("500") int reads,
    @Setting("120") int writes,
    @Setting("60000") int staff) {
  /// Checks that something is allowed.
  public RateConfig {
    if (anonymous < 1 || reads < 1 || writes < 1 || staff < 1) {
      throw new IllegalArgumentException("rates must be at least 1");
    }
  }
}
