package vesper.routing;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// Which tier and endpoint each talk has. A conversation is forgotten when it has been silent, a
/// talk that is no conversation after the shortest time a tier is kept. When there are too many the
/// longest silent go first.
final class Pins {
  private final TierRules rules;
  private final InstantSource clock;
  private final Map<Query.Talk, Kept> kept = new LinkedHashMap<>(16, 0.75f, true);

  private record Kept(Pin pin, Instant until) {}

  Pins(TierRules rules, InstantSource clock) {
    this.rules = rules;
    this.clock = clock;
  }

  Optional<Pin> find(Query.Talk talk) {
    synchronized (kept) {
      Kept found = kept.get(talk);
      if (found == null) {
        return Optional.empty();
      }
      if (!clock.instant().isBefore(found.until())) {
        kept.remove(talk);
        return Optional.empty();
      }
      return Optional.of(found.pin());
    }
  }

  /// Writes down where a talk was sent.
  void keep(Query.Talk talk, Tier tier, String endpoint) {
    if (!talk.isKnown()) {
      return;
    }
    Instant now = clock.instant();
    synchronized (kept) {
      Optional<Pin> before = find(talk);
      Instant since = before.filter(pin -> pin.tier() == tier).map(Pin::since).orElse(now);
      Duration idle = talk.isConversation() ? rules.pinIdle() : rules.pinMin();
      Instant start = talk.isConversation() ? now : since;
      kept.put(talk, new Kept(new Pin(tier, since, endpoint), start.plus(idle)));
      if (kept.size() > rules.most()) {
        kept.remove(kept.keySet().iterator().next());
      }
    }
  }

  int size() {
    synchronized (kept) {
      return kept.size();
    }
  }
}
