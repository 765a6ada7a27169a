package vesper.auth;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Accounts, identities, sessions and failed logins. Events commit with what they tell of.
interface AuthStore {
  /// An account and what its credential is checked against.
  record Identified(Account account, String secretHash) {}

  /// A session and whose it is.
  record Held(Session session, Account account) {}

  /// Finds who has a credential.
  Optional<Identified> findIdentity(Credential credential);

  /// Registers an account with its credential and first session; false, and nothing happens, when
  /// the credential has an account.
  boolean register(Account account, Credential credential, String secretHash, Session session);

  /// Keeps a new session.
  void open(Session session);

  Optional<Held> findSession(SessionId id);

  /// Moves a session on to its next counter; false when it is not where `next` follows, or has
  /// ended.
  boolean advance(Session next);

  /// Ends a session; nothing happens when it has ended or never was.
  void end(SessionId id, SessionEnd reason, Instant now);

  Optional<Account> findAccount(AccountId id);

  /// Replaces roles, worlds, epoch and version of an account; false when its version is not the one
  /// before.
  boolean change(Account next);

  /// Remembers a failed login.
  void addFailure(byte[] subject, Instant at);

  /// Returns the last failures of a subject, newest first.
  List<Instant> lastFailures(byte[] subject, int count);

  /// Forgets the failures of a subject.
  void clearFailures(byte[] subject);

  /// Deletes failures before one instant and sessions that expired before another.
  void prune(Instant failuresBefore, Instant sessionsBefore);
}
