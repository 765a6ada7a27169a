package vesper.auth;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Who may play, and what it may do.
///
/// @param roles sorted, each once
/// @param worlds sorted, each once; empty for every world
/// @param epoch rises when tokens issued before must no longer count
/// @param version rises with each change
record Account(
    AccountId id,
    Kind kind,
    Status status,
    List<Role> roles,
    List<String> worlds,
    AgeBand ageBand,
    long epoch,
    Instant createdAt,
    long version) {

  /// How it is known.
  enum Kind {
    GUEST,
    PLAYER
  }

  /// Whether it may log in.
  enum Status {
    ACTIVE,
    BANNED
  }

  /// A right beyond playing.
  enum Role {
    MODERATOR,
    DESIGNER,
    OPERATOR,
    ADMIN,
    GAME_SERVER
  }

  /// How old its player is, as far as known.
  enum AgeBand {
    CHILD,
    TEEN,
    ADULT,
    UNKNOWN
  }

  Account {
    roles = List.copyOf(roles);
    worlds = List.copyOf(worlds);
  }

  /// Returns an account as it is registered.
  static Account register(AccountId id, Kind kind, Instant now) {
    return new Account(id, kind, Status.ACTIVE, List.of(), List.of(), AgeBand.UNKNOWN, 1, now, 1);
  }

  /// Returns the account with other rights; tokens issued before no longer count.
  Account withAccess(List<Role> newRoles, List<String> newWorlds) {
    return new Account(
        id, kind, status, newRoles, newWorlds, ageBand, epoch + 1, createdAt, version + 1);
  }

  /// Returns the worlds that a session for `world` (or for none: empty) is limited to, where an
  /// empty list means every world; empty when the account may not enter `world`.
  Optional<List<String>> worldsIn(String world) {
    if (world.isEmpty()) {
      return Optional.of(worlds);
    }
    boolean allowed = worlds.isEmpty() || worlds.contains(world);
    return allowed ? Optional.of(List.of(world)) : Optional.empty();
  }
}
