package vesper.npc;

import java.util.Optional;

/// The right to answer a player's words: held by one at a time for a person and a player.
///
/// @param holder id of this attempt
/// @param key that names the request, if the caller gave one
/// @param requestHash SHA-256 of the request
record Claim(String holder, Optional<String> key, String requestHash) {}
