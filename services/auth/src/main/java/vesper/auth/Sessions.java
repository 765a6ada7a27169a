package vesper.auth;

import java.time.Instant;
import java.time.InstantSource;
import java.util.UUID;
import vesper.runtime.Ids;

/// Opens, refreshes and ends sessions.
final class Sessions {
  private final AuthStore store;
  private final SessionRules rules;
  private final InstantSource clock;
  private final Ids ids;

  /// What comes of a refresh.
  sealed interface Outcome {
    /// The session goes on with its live token.
    record Granted(Account account, Session session) implements Outcome {}

    record Refused(Refresh.Reason reason) implements Outcome {}
  }

  Sessions(AuthStore store, SessionRules rules, InstantSource clock, Ids ids) {
    this.store = store;
    this.rules = rules;
    this.clock = clock;
    this.ids = ids;
  }

  /// Returns a new session, which nobody keeps yet.
  Session begin(Account account, String world) {
    var id = new SessionId(UUID.fromString(ids.next()));
    return Session.open(id, account, world, clock.instant(), rules);
  }

  /// Trades a token for the live one of its session. A token that was replaced before ends the
  /// session.
  Outcome refresh(RefreshToken token) {
    Instant now = clock.instant();
    var held = store.findSession(token.session());
    if (held.isEmpty()) {
      return new Outcome.Refused(Refresh.Reason.REVOKED);
    }
    Account account = held.get().account();
    boolean welcome =
        account.status() == Account.Status.ACTIVE
            && account.worldsIn(held.get().session().world()).isPresent();
    if (!welcome) {
      return new Outcome.Refused(Refresh.Reason.REVOKED);
    }
    return switch (held.get().session().refresh(token.counter(), now, rules)) {
      case Refresh.Rotated(Session next) ->
          // Whoever loses the race finds the row further on, where the token is live no more.
          store.advance(next) ? new Outcome.Granted(account, next) : refresh(token);
      case Refresh.Repeated(Session session) -> new Outcome.Granted(account, session);
      case Refresh.Refused(Refresh.Reason reason) -> {
        if (reason == Refresh.Reason.REUSED) {
          store.end(token.session(), SessionEnd.REUSE, now);
        }
        yield new Outcome.Refused(reason);
      }
    };
  }

  /// Ends a session that its owner wants to end.
  void logout(SessionId id) {
    store.end(id, SessionEnd.LOGOUT, clock.instant());
  }
}
