package vesper.auth;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// A session: a family of refresh tokens of which exactly one, the one with `counter`, is live.
///
/// @param world world the session was opened for, or empty
/// @param rotatedAt when `counter` became live
/// @param expiresAt end unless it is refreshed before
/// @param lastsUntil end in any case
/// @param ended why it ended before its time, or null
record Session(
    SessionId id,
    AccountId account,
    String world,
    long counter,
    Instant rotatedAt,
    Instant expiresAt,
    Instant lastsUntil,
    @Nullable SessionEnd ended) {

  /// Opens a session with its first token.
  static Session open(
      SessionId id, Account account, String world, Instant now, SessionRules rules) {
    Instant lastsUntil =
        now.plus(
            switch (account.kind()) {
              case GUEST -> rules.guestAbsolute();
              case PLAYER -> rules.absolute();
            });
    Instant expiresAt = earlier(now.plus(rules.idle()), lastsUntil);
    return new Session(id, account.id(), world, 1, now, expiresAt, lastsUntil, null);
  }

  /// Decides what happens when the token with counter `presented` comes back.
  Refresh refresh(long presented, Instant now, SessionRules rules) {
    if (ended != null || presented > counter) {
      // A token from the future of this row: the database was set back, and the row cannot tell
      // what came after.
      return new Refresh.Refused(Refresh.Reason.REVOKED);
    }
    if (!now.isBefore(expiresAt)) {
      return new Refresh.Refused(Refresh.Reason.EXPIRED);
    }
    if (presented == counter) {
      Instant next = earlier(now.plus(rules.idle()), lastsUntil);
      return new Refresh.Rotated(
          new Session(id, account, world, counter + 1, now, next, lastsUntil, null));
    }
    boolean answerMayBeLost =
        presented == counter - 1
            && Duration.between(rotatedAt, now).compareTo(rules.reuseGrace()) < 0;
    return answerMayBeLost
        ? new Refresh.Repeated(this)
        : new Refresh.Refused(Refresh.Reason.REUSED);
  }

  /// The token that is live.
  RefreshToken token() {
    return new RefreshToken(id, counter);
  }

  private static Instant earlier(Instant a, Instant b) {
    return a.isBefore(b) ? a : b;
  }
}
