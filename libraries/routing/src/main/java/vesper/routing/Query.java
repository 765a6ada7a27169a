package vesper.routing;

import java.time.Duration;
import java.util.Optional;

/// A call that needs a model.
///
/// @param sla how long the asker can wait
/// @param tier to use, or empty to have it chosen
/// @param importance of the moment
/// @param deadline time left for the whole answer; empty for that of the tier
/// @param tokens of prompt and answer together at most
/// @param talk who speaks with whom
/// @param affinityKey what calls with the same beginning of the prompt share, or empty
public record Query(
    Sla sla,
    Optional<Tier> tier,
    Importance importance,
    Optional<Duration> deadline,
    int tokens,
    Talk talk,
    String affinityKey) {

  /// Who speaks with whom; each may be empty.
  public record Talk(String world, String npc, String player, String conversation) {
    /// Nobody with nobody.
    public static final Talk NONE = new Talk("", "", "", "");

    boolean isConversation() {
      return !conversation.isEmpty();
    }

    /// Whether calls of this talk can be told from others.
    boolean isKnown() {
      return isConversation() || !npc.isEmpty();
    }
  }

  /// What decides between endpoints that are equally good.
  String key() {
    if (!affinityKey.isEmpty()) {
      return affinityKey;
    }
    return talk.isConversation() ? talk.conversation() : talk.npc();
  }
}
