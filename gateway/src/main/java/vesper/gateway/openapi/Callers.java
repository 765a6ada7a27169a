package vesper.gateway.openapi;

import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import vesper.options.v1.Access;
import vesper.options.v1.Caller;

/// Who may call an rpc, in words.
final class Callers {
  private Callers() {}

  /// As in `players (only for themselves), game servers and operators`.
  static String describe(Access access) {
    List<String> words =
        access.getWhoList().stream()
            // Services have other ways than the edge.
            .filter(caller -> caller != Caller.CALLER_SERVICE)
            .map(caller -> word(caller, access))
            .toList();
    if (words.isEmpty()) {
      return "services";
    }
    String first =
        words.stream().limit(Math.max(1, words.size() - 1L)).collect(Collectors.joining(", "));
    return words.size() == 1 ? first : first + " and " + words.getLast();
  }

  private static String word(Caller caller, Access access) {
    return switch (caller) {
      case CALLER_ANYONE -> "anybody, without a token";
      case CALLER_PLAYER ->
          access.getOwnerField().isEmpty() ? "players" : "players (only for themselves)";
      case CALLER_MODERATOR -> "moderators";
      case CALLER_DESIGNER -> "designers";
      case CALLER_OPERATOR -> "operators";
      case CALLER_ADMIN -> "admins";
      case CALLER_GAME_SERVER -> "game servers";
      case CALLER_SERVICE -> "services";
      case CALLER_UNSPECIFIED, UNRECOGNIZED -> "nobody";
    };
  }

  /// As in `0.5 s`.
  static String seconds(Duration time) {
    return time.toMillis() % 1000 == 0
        ? time.toSeconds() + " s"
        : (time.toMillis() / 1000.0) + " s";
  }
}
