package vesper.auth;

import java.time.Duration;

/// How long sessions last.
///
/// @param idle life of a session that is not refreshed
/// @param absolute longest life of a player's session
/// @param guestAbsolute longest life of a guest's session
/// @param reuseGrace how long the replaced token still gets the live one, for a lost answer
record SessionRules(
    Duration idle, Duration absolute, Duration guestAbsolute, Duration reuseGrace) {}
