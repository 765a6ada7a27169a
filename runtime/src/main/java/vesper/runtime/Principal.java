package vesper.runtime;

import java.util.Set;
import vesper.options.v1.Caller;

/// Who calls. It comes from a verified token and from nothing else.
///
/// @param subject account id, service id or key id; empty when anonymous
/// @param kind what the caller is
/// @param roles rights beyond the kind: MODERATOR, DESIGNER, OPERATOR, ADMIN, GAME_SERVER
/// @param worlds worlds it is limited to; empty for all
/// @param session the login it belongs to, or empty
/// @param standing what its account says about it
public record Principal(
    String subject,
    Kind kind,
    Set<Caller> roles,
    Set<String> worlds,
    String session,
    Standing standing) {
  /// A caller without a token.
  public static final Principal ANONYMOUS =
      new Principal("", Kind.ANONYMOUS, Set.of(), Set.of(), "");

  /// What a caller is.
  public enum Kind {
    /// Has an account with an e-mail address and a password.
    PLAYER,
    /// Has an account that only a device knows.
    GUEST,
    /// Runs this installation.
    OPERATOR,
    /// Another service.
    SERVICE,
    /// A program with a key.
    KEY,
    /// Nobody in particular.
    ANONYMOUS
  }

  /// What an account says about its owner.
  ///
  /// @param ageBand CHILD, TEEN, ADULT or UNKNOWN
  /// @param tier free, standard or premium
  /// @param epoch rises when older tokens shall not count any more
  public record Standing(String ageBand, String tier, long epoch) {
    /// An account of which nothing is known.
    public static final Standing UNKNOWN = new Standing("UNKNOWN", "free", 0);
  }

  /// Copies the sets.
  public Principal {
    roles = Set.copyOf(roles);
    worlds = Set.copyOf(worlds);
  }

  /// A caller of whose account nothing is known.
  public Principal(
      String subject, Kind kind, Set<Caller> roles, Set<String> worlds, String session) {
    this(subject, kind, roles, worlds, session, Standing.UNKNOWN);
  }

  /// Another service.
  public static Principal service(String id) {
    return new Principal(id, Kind.SERVICE, Set.of(), Set.of(), "");
  }

  /// Whether it is a player or a guest.
  public boolean plays() {
    return kind == Kind.PLAYER || kind == Kind.GUEST;
  }
}
