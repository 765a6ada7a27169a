package vesper.auth;

/// The n-th token of a session, as the client holds it.
record RefreshToken(SessionId session, long counter) {}
