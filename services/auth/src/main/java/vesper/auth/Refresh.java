package vesper.auth;

/// What comes of presenting a refresh token.
sealed interface Refresh {
  /// The token was live; `next` is the session with its successor.
  record Rotated(Session next) implements Refresh {}

  /// The token was replaced moments ago and the answer may be lost: the live one is handed out
  /// again.
  record Repeated(Session session) implements Refresh {}

  /// There is no other token for it.
  record Refused(Reason reason) implements Refresh {}

  /// Why a token is refused, as clients see it.
  enum Reason {
    /// It was replaced before: two parties hold tokens of the session, which therefore ends.
    REUSED,
    /// The session lasted as long as it may, or rested too long.
    EXPIRED,
    /// The session has ended.
    REVOKED
  }
}
