package vesper.auth;

import java.time.Duration;
import vesper.runtime.Secret;
import vesper.runtime.Setting;

/// The settings `vesper.auth.…`.
///
/// @param masterSecret at least 32 characters; every key that auth keeps to itself follows from it
/// @param issuer the claim `iss` of access tokens, at most 64 characters
/// @param accessTtl life of an access token
/// @param refreshIdle life of a session that is not refreshed
/// @param refreshAbsolute longest life of a player's session
/// @param refreshAbsoluteGuest longest life of a guest's session
/// @param reuseGrace how long a replaced refresh token still gets the live one
/// @param keyRotation how long a signing key signs
/// @param hashesAtOnce passwords hashed side by side in this process
/// @param guard how guessing is stopped
record AuthConfig(
    Secret masterSecret,
    @Setting("vesper") String issuer,
    @Setting("15m") Duration accessTtl,
    @Setting("30d") Duration refreshIdle,
    @Setting("90d") Duration refreshAbsolute,
    @Setting("180d") Duration refreshAbsoluteGuest,
    @Setting("10s") Duration reuseGrace,
    @Setting("30d") Duration keyRotation,
    @Setting("4") int hashesAtOnce,
    Guard guard) {

  /// The settings `vesper.auth.guard.…`.
  ///
  /// @param failures wrong passwords that lock a name
  /// @param window time within which they count together
  /// @param lock how long the name is locked
  record Guard(
      @Setting("5") int failures, @Setting("15m") Duration window, @Setting("15m") Duration lock) {
    Guard {
      check(failures >= 1 && failures <= 100, "guard.failures is from 1 to 100");
      check(window.isPositive() && lock.isPositive(), "guard.window and guard.lock are above 0");
    }
  }

  AuthConfig {
    check(
        masterSecret.value().length() >= MasterSecret.SHORTEST,
        "master-secret has at least " + MasterSecret.SHORTEST + " characters");
    check(issuer.matches("[!-~]{1,64}"), "issuer is 1 to 64 visible ASCII characters");
    check(
        accessTtl.isPositive() && accessTtl.compareTo(Duration.ofHours(1)) <= 0,
        "access-ttl is above 0 and at most 1h");
    check(refreshIdle.compareTo(accessTtl) > 0, "refresh-idle is longer than access-ttl");
    check(
        refreshAbsolute.compareTo(refreshIdle) >= 0
            && refreshAbsoluteGuest.compareTo(refreshIdle) >= 0,
        "refresh-absolute and refresh-absolute-guest are not shorter than refresh-idle");
    check(
        !reuseGrace.isNegative() && reuseGrace.compareTo(Duration.ofMinutes(1)) <= 0,
        "reuse-grace is at most 1m");
    check(
        keyRotation.compareTo(KeyRing.OVERLAP.multipliedBy(2)) >= 0,
        "key-rotation is at least 48h");
    check(hashesAtOnce >= 1 && hashesAtOnce <= 64, "hashes-at-once is from 1 to 64");
  }

  SessionRules sessionRules() {
    return new SessionRules(refreshIdle, refreshAbsolute, refreshAbsoluteGuest, reuseGrace);
  }

  LoginRules loginRules() {
    return new LoginRules(
        new LoginGuard(guard.failures(), guard.window(), guard.lock()), hashesAtOnce);
  }

  private static void check(boolean holds, String form) {
    if (!holds) {
      throw new IllegalArgumentException(form);
    }
  }
}
