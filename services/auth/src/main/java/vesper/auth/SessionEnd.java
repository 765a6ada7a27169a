package vesper.auth;

/// Why a session ended before its time.
enum SessionEnd {
  LOGOUT,
  REUSE
}
