package vesper.auth;

import java.time.Instant;
import java.time.InstantSource;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import vesper.runtime.Ids;

/// Proves credentials and opens sessions. An unknown name and a wrong secret get the same answer
/// after the same work.
final class Logins {
  private final AuthStore store;
  private final Secrets secrets;
  private final LoginGuard guard;
  private final Semaphore hashing;
  private final Sessions sessions;
  private final InstantSource clock;
  private final Ids ids;

  /// What comes of a login.
  sealed interface Outcome {
    /// A session is open; `created` when the account was registered for it.
    record Opened(Account account, Session session, boolean created) implements Outcome {}

    record Refused(Reason reason) implements Outcome {}
  }

  /// Why no session was opened.
  enum Reason {
    /// The name is unknown or the secret is wrong.
    WRONG,
    /// Too many wrong passwords were tried for this name.
    LOCKED,
    /// The account is banned.
    BANNED,
    /// The account is limited to other worlds.
    OTHER_WORLD,
    /// As many passwords as this replica takes at a time are being checked.
    BUSY
  }

  /// Whether a credential belongs to an account.
  private sealed interface Proof {
    record Holds(Account account) implements Proof {}

    record Fails() implements Proof {}

    /// The name is free; `secretHash` is what to store for it.
    record Free(String secretHash) implements Proof {}
  }

  Logins(
      AuthStore store,
      Secrets secrets,
      LoginRules rules,
      Sessions sessions,
      InstantSource clock,
      Ids ids) {
    this.store = store;
    this.secrets = secrets;
    this.guard = rules.guard();
    this.hashing = new Semaphore(rules.hashesAtOnce());
    this.sessions = sessions;
    this.clock = clock;
    this.ids = ids;
  }

  /// Opens a session for whoever holds the credential; with `create` an unknown one is registered
  /// first.
  Outcome login(Credential credential, boolean create, String world) {
    return switch (credential) {
      case Credential.Device device -> attempt(device, create, world);
      case Credential.Password password -> {
        if (locked(password)) {
          yield refused(Reason.LOCKED);
        }
        if (!hashing.tryAcquire()) {
          yield refused(Reason.BUSY);
        }
        try {
          yield attempt(password, create, world);
        } finally {
          hashing.release();
        }
      }
    };
  }

  private Outcome attempt(Credential credential, boolean create, String world) {
    return switch (prove(credential, create)) {
      case Proof.Holds(Account account) -> enter(credential, account, world);
      case Proof.Free(String secretHash) -> {
        var id = new AccountId(UUID.fromString(ids.next()));
        Account account = Account.register(id, credential.kind(), clock.instant());
        Session session = sessions.begin(account, world);
        yield store.register(account, credential, secretHash, session)
            ? new Outcome.Opened(account, session, true)
            // Another request registered it in between: this one has to fit it like any other.
            : attempt(credential, false, world);
      }
      case Proof.Fails() -> {
        if (credential instanceof Credential.Password) {
          store.addFailure(secrets.subject(credential), clock.instant());
        }
        yield refused(Reason.WRONG);
      }
    };
  }

  private Proof prove(Credential credential, boolean create) {
    var identified = store.findIdentity(credential);
    if (identified.isPresent()) {
      return secrets.match(credential, identified.get().secretHash())
          ? new Proof.Holds(identified.get().account())
          : new Proof.Fails();
    }
    if (create) {
      return new Proof.Free(secrets.hash(credential));
    }
    secrets.matchNothing(credential);
    return new Proof.Fails();
  }

  private Outcome enter(Credential credential, Account account, String world) {
    // Asked again, so that guesses made side by side before the lock gain nothing.
    if (locked(credential)) {
      return refused(Reason.LOCKED);
    }
    if (account.status() == Account.Status.BANNED) {
      return refused(Reason.BANNED);
    }
    if (account.worldsIn(world).isEmpty()) {
      return refused(Reason.OTHER_WORLD);
    }
    if (credential instanceof Credential.Password) {
      store.clearFailures(secrets.subject(credential));
    }
    Session session = sessions.begin(account, world);
    store.open(session);
    return new Outcome.Opened(account, session, false);
  }

  private boolean locked(Credential credential) {
    if (credential instanceof Credential.Device) {
      return false;
    }
    Instant now = clock.instant();
    return guard.locks(store.lastFailures(secrets.subject(credential), guard.failures()), now);
  }

  private static Outcome refused(Reason reason) {
    return new Outcome.Refused(reason);
  }
}
