package vesper.auth;

/// What logins are held to.
///
/// @param guard stops guessing
/// @param hashesAtOnce how many passwords this replica hashes side by side
record LoginRules(LoginGuard guard, int hashesAtOnce) {}
