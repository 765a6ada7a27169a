package vesper.npc;

import static java.util.stream.Collectors.toUnmodifiableSet;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import vesper.ai.v1.DegradeReason;
import vesper.npc.Conversation.Pair;
import vesper.npc.Encounter.Bond;
import vesper.npc.KnownFacts.Known;
import vesper.pack.v1.DayPart;
import vesper.pack.v1.Phase;
import vesper.worldpack.WorldPack;

/// A world whose people answer without a server or a database: the turn logic with everything kept
/// in memory.
final class Rehearsal {

  static final Script SAMPLE = script("worlds/body-broker");

  static final Moment EVENING =
      new Moment(
          25_200,
          DayPart.DAY_PART_NIGHT,
          Phase.PHASE_NIGHT,
          "a little past nine",
          "spring",
          "Washday",
          "a full moon");

  private static final int RECENT_TURNS = 5;

  private final Script script;
  private final Map<Pair, Encounter> encounters = new HashMap<>();
  private final Map<Pair, List<Turn>> all = new HashMap<>();
  private Optional<Moment> moment = Optional.of(EVENING);
  private Surroundings around = Surroundings.NONE;
  private long gameSeconds = EVENING.gameSeconds();
  private Instant now = Instant.parse("2026-01-01T00:00:00Z");
  private int ids;

  Rehearsal(Script script) {
    this.script = script;
  }

  static Script script(String pack) {
    return Script.of(
        WorldPack.load(Path.of(System.getProperty("vesper.home", "../..")).resolve(pack)));
  }

  /// Nobody knows the time from now on.
  void loseTime() {
    moment = Optional.empty();
  }

  /// What is found out about all words from now on.
  void find(Surroundings found) {
    around = found;
  }

  void pass(Duration real) {
    now = now.plus(real);
    gameSeconds += real.toSeconds() * 60;
  }

  String say(String npc, String player, String words) {
    return exchange(npc, player, words).turn().answer();
  }

  Exchange exchange(String npc, String player, String words) {
    now = now.plusSeconds(5);
    gameSeconds += 300;
    var pair = new Pair("w", npc, player);
    var part = script.find(npc).orElseThrow();
    var before = encounters.computeIfAbsent(pair, this::met);
    var conversation = before.conversation();
    if (!conversation.isOpen() || conversation.isSilentAt(now, Duration.ofMinutes(10))) {
      before = again(before);
    }
    var exchange =
        Draft.of(
                script,
                part,
                before,
                words,
                new Exchange.Now(moment, gameSeconds, now, () -> "id%06d".formatted(ids++), 30),
                around)
            .scripted(DegradeReason.DEGRADE_REASON_UNSPECIFIED);
    all.computeIfAbsent(pair, unseen -> new ArrayList<>()).add(exchange.turn());
    encounters.put(pair, after(before, exchange));
    return exchange;
  }

  /// Makes a person feel something about a player.
  void befriend(String npc, String player, Relation feelings) {
    encounters.computeIfPresent(
        new Pair("w", npc, player),
        (_, old) ->
            new Encounter(
                old.conversation(),
                old.turns(),
                old.recent(),
                old.firstMeeting(),
                old.known(),
                Optional.of(new Bond(feelings, gameSeconds, 0, 1))));
  }

  private Encounter met(Pair pair) {
    return new Encounter(
        Conversation.begun("c" + ids++, pair, now),
        List.of(),
        Set.of(),
        true,
        KnownFacts.NONE,
        Optional.empty());
  }

  private Encounter again(Encounter before) {
    var pair = before.conversation().pair();
    return new Encounter(
        Conversation.begun("c" + ids++, pair, now),
        List.of(),
        before.recent(),
        false,
        before.known(),
        before.relation());
  }

  private Encounter after(Encounter before, Exchange exchange) {
    var turns = new ArrayList<>(before.turns());
    turns.add(exchange.turn());
    var said = all.getOrDefault(exchange.conversation().pair(), List.of());
    var told =
        exchange.memories().stream()
            .flatMap(made -> made.fact().map(fact -> new Known(fact, made.memory())).stream())
            .toList();
    var baseline = script.find(exchange.conversation().pair().npc()).orElseThrow().baseline();
    Optional<Bond> bond =
        exchange.moved().equals(Relation.NONE)
            ? before.relation()
            : Optional.of(Bond.moved(before.relation(), baseline, exchange.moved(), gameSeconds));
    return new Encounter(
        exchange.conversation(),
        turns,
        said.subList(Math.max(0, said.size() - RECENT_TURNS), said.size()).stream()
            .flatMap(turn -> turn.lines().stream())
            .collect(toUnmodifiableSet()),
        before.firstMeeting(),
        before.known().with(told),
        bond);
  }
}
