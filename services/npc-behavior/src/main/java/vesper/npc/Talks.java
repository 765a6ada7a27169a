package vesper.npc;

import static java.util.stream.Collectors.toUnmodifiableSet;

import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import vesper.npc.Conversation.Pair;
import vesper.npc.Memories.Found;
import vesper.npc.TalkTable.Stored;
import vesper.npc.v1.PromiseMade;
import vesper.pack.v1.Predicate;
import vesper.runtime.Database;
import vesper.runtime.Ids;
import vesper.runtime.Outbox;
import vesper.runtime.Refusal;

/// Talks of players with people: begins turns, commits them, ends conversations. A turn and all
/// that comes of it commit together or not at all.
final class Talks {

  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final Duration RETRY = Duration.ofMillis(200);
  private static final int RECENT_TURNS = 5;

  private final Database database;
  private final Outbox outbox;
  private final InstantSource clock;
  private final Ids ids;
  private final NpcConfig config;
  private final RunningTurns running;

  Talks(Database database, Outbox outbox, InstantSource clock, Ids ids, NpcConfig config) {
    this.database = database;
    this.outbox = outbox;
    this.clock = clock;
    this.ids = ids;
    this.config = config;
    this.running = new RunningTurns(database);
  }

  /// Words of a player that want an answer.
  ///
  /// @param pair who speaks to whom
  /// @param conversation the one to go on with, if it is named
  /// @param claim names the attempt and the request
  record Words(Pair pair, Optional<String> conversation, Claim claim) {}

  /// What becomes of words.
  sealed interface Begun {

    /// They were answered before, and the answer is given again.
    record Replayed(Stored turn) implements Begun {}

    /// They are to be answered; nobody else answers the player for this person until then.
    record Fresh(Encounter encounter) implements Begun {}

    /// Their conversation is over.
    record Over() implements Begun {}
  }

  /// Begins a turn. Whoever gets a [Begun.Fresh] commits it or releases it.
  ///
  /// @throws io.grpc.StatusRuntimeException INVALID_ARGUMENT for a key of another request; ABORTED
  ///   while the same request is being answered; FAILED_PRECONDITION with reason BUSY while another
  ///   one is; RESOURCE_EXHAUSTED for one who speaks too often; NOT_FOUND and PERMISSION_DENIED as
  ///   [#conversation]
  Begun begin(Words words) {
    Begun begun = database.write("turn.begin", handle -> begin(handle, words));
    if (begun instanceof Begun.Fresh) {
      running.begun(words.claim().holder());
    }
    return begun;
  }

  private Begun begin(Handle handle, Words words) {
    var pair = words.pair();
    var claim = words.claim();
    var earlier = claim.key().flatMap(key -> TalkTable.findByKey(handle, pair.player(), key));
    if (earlier.isPresent()) {
      requireSame(earlier.get().requestHash(), claim);
      return new Begun.Replayed(cited(handle, earlier.get().stored()));
    }
    var now = clock.instant();
    if (!TalkTable.claim(handle, pair, claim, RunningTurns.CLAIM)) {
      throw busy(handle, words);
    }
    limit(handle, pair.player(), now);
    var open =
        words.conversation().isPresent()
            ? Optional.of(named(handle, words.conversation().get(), pair))
            : TalkTable.findOpen(handle, pair);
    var ended = open.filter(talk -> talk.isSilentAt(now, config.talkSilence()));
    ended.ifPresent(talk -> end(handle, talk, silentSince(talk)));
    boolean goesOn = open.filter(Conversation::isOpen).isPresent() && ended.isEmpty();
    if (words.conversation().isPresent() && !goesOn) {
      TalkTable.release(handle, pair, claim.holder());
      return new Begun.Over();
    }
    return new Begun.Fresh(
        encounter(handle, goesOn ? open.orElseThrow() : Conversation.begun(ids.next(), pair, now)));
  }

  private static Stored cited(Handle handle, Stored stored) {
    var turn = stored.turn();
    var cited = SourceTable.citations(handle, stored.conversation()).get(turn.number());
    return cited == null
        ? stored
        : new Stored(stored.conversation(), turn.citing(cited), stored.firstTextMicros());
  }

  private static Conversation named(Handle handle, String id, Pair pair) {
    var conversation =
        owned(TalkTable.findToChange(handle, id), id, pair.world(), Optional.of(pair.player()));
    if (!conversation.pair().npc().equals(pair.npc())) {
      throw Refusal.notFound(
          "conversationId", "the conversation is one with " + conversation.pair().npc());
    }
    return conversation;
  }

  private static void requireSame(String requestHash, Claim claim) {
    if (!requestHash.equals(claim.requestHash())) {
      throw Refusal.keyReused();
    }
  }

  private static RuntimeException busy(Handle handle, Words words) {
    var claim = words.claim();
    var running = TalkTable.findRunning(handle, words.pair());
    boolean sameKey =
        claim.key().isPresent() && running.flatMap(TalkTable.Running::key).equals(claim.key());
    if (sameKey) {
      running.ifPresent(other -> requireSame(other.requestHash(), claim));
      return Refusal.running(RETRY, "the same words are being answered");
    }
    return Refusal.precondition("BUSY", "the last words are still being answered");
  }

  private void limit(Handle handle, String player, Instant now) {
    var said = TalkTable.saidSince(handle, player, now.minus(MINUTE));
    if (said.size() >= config.turnsPerMinute()) {
      var free = said.get(said.size() - config.turnsPerMinute()).plus(MINUTE);
      throw Refusal.exhausted(
          Duration.between(now, free), "at most " + config.turnsPerMinute() + " turns a minute");
    }
  }

  private static Encounter encounter(Handle handle, Conversation conversation) {
    var pair = conversation.pair();
    var turns =
        conversation.turns() == 0
            ? List.<Turn>of()
            : TalkTable.turns(handle, conversation.id()).stream().map(Stored::turn).toList();
    Set<String> recent =
        turns.size() >= RECENT_TURNS
            ? turns.subList(turns.size() - RECENT_TURNS, turns.size()).stream()
                .flatMap(turn -> turn.lines().stream())
                .collect(toUnmodifiableSet())
            : TalkTable.recentLines(handle, pair);
    return new Encounter(
        conversation,
        turns,
        recent,
        !TalkTable.hasOther(handle, pair, conversation.id()),
        MemoryTable.facts(handle, pair),
        RelationTable.find(handle, pair.world(), pair.npc(), pair.player()));
  }

  /// Commits a turn: conversation, words, memories, feelings, and the events of all this.
  ///
  /// @throws io.grpc.StatusRuntimeException ABORTED when it took so long that another turn was
  ///   begun
  void commit(Exchange exchange, Claim claim, Relation baseline, long firstTextMicros) {
    var pair = exchange.conversation().pair();
    var turn = exchange.turn();
    database.run(
        "turn.commit",
        handle -> {
          if (!TalkTable.release(handle, pair, claim.holder())) {
            throw Refusal.running(RETRY, "the answer took too long");
          }
          if (!TalkTable.put(handle, exchange.conversation())) {
            throw over();
          }
          var stored = new Stored(exchange.conversation().id(), turn, firstTextMicros);
          if (!TalkTable.add(handle, pair, stored, claim)) {
            throw Refusal.running(RETRY, "the same key was used at the same time");
          }
          SourceTable.add(handle, stored, exchange.recalled());
          MemoryTable.add(handle, pair, exchange.memories());
          MemoryTable.use(handle, exchange.used(), turn.gameSeconds());
          MemoryTable.keepWithin(handle, pair, config.memories(), turn.gameSeconds(), ids::next);
          if (!exchange.moved().equals(Relation.NONE)) {
            Relations.move(
                handle,
                outbox,
                new Relations.Change(
                    pair.world(), pair.npc(), pair.player(), baseline, exchange.moved()),
                turn.gameSeconds());
          }
          publish(handle, exchange);
        });
    running.ended(claim.holder());
  }

  /// What is answered to one who wants to go on with a conversation that is over.
  static StatusRuntimeException over() {
    return Refusal.precondition("CONVERSATION_ENDED", "the conversation is over");
  }

  private void publish(Handle handle, Exchange exchange) {
    var pair = exchange.conversation().pair();
    exchange.memories().stream()
        .flatMap(made -> made.fact().stream())
        .filter(fact -> fact.predicate() == Predicate.PREDICATE_PROMISE)
        .map(fact ->
            PromiseMade.newBuilder()
                .setWorldId(pair.world())
                .setNpcId(pair.npc())
                .setPlayerId(pair.player())
                .setValue(fact.value())
                .build())
        .forEach(event -> outbox.publish(handle, event, pair.world()));
    if (!exchange.conversation().isOpen()) {
      outbox.publish(handle, NpcMessages.ended(exchange.conversation()), pair.world());
    }
  }

  /// Gives up a turn: nothing of it is kept.
  void release(Pair pair, Claim claim) {
    running.ended(claim.holder());
    database.run("turn.release", handle -> TalkTable.release(handle, pair, claim.holder()));
  }

  /// A conversation with its turns.
  ///
  /// @param memories that the answers were built from, by number of the turn
  record Transcript(
      Conversation conversation, List<Turn> turns, Map<Integer, List<Found>> memories) {}

  /// Ends a conversation, if it is not over yet.
  ///
  /// @throws io.grpc.StatusRuntimeException as [#conversation]
  Transcript end(String id, String world, Optional<String> player) {
    return database.write(
        "conversation.end",
        handle -> {
          var conversation = owned(TalkTable.findToChange(handle, id), id, world, player);
          var now = clock.instant();
          boolean silent = conversation.isSilentAt(now, config.talkSilence());
          var at = silent ? silentSince(conversation) : now;
          var ended = conversation.isOpen() ? end(handle, conversation, at) : conversation;
          return new Transcript(ended, cited(handle, id), Map.of());
        });
  }

  /// Ends conversations in which nothing was said for long.
  ///
  /// @param most to end in one go
  /// @return how many were ended
  int endSilent(int most) {
    return database.write(
        "conversation.silent",
        handle -> {
          var now = clock.instant();
          var silent = TalkTable.findSilent(handle, now.minus(config.talkSilence()), most);
          silent.forEach(talk -> end(handle, talk, silentSince(talk)));
          return silent.size();
        });
  }

  private Instant silentSince(Conversation conversation) {
    return conversation.lastTurnAt().plus(config.talkSilence());
  }

  /// Returns a conversation as it is: one of long silence is over, even if nobody has noted it.
  ///
  /// @param player whose it must be; empty for one who may see all
  /// @param withMemories whether to tell what the answers were built from
  /// @throws io.grpc.StatusRuntimeException NOT_FOUND; PERMISSION_DENIED for another player's
  Transcript conversation(String id, String world, Optional<String> player, boolean withMemories) {
    return database.read(
        "conversation.get",
        handle -> {
          var conversation = owned(TalkTable.find(handle, id), id, world, player);
          var turns = cited(handle, id);
          boolean silent = conversation.isSilentAt(clock.instant(), config.talkSilence());
          return new Transcript(
              silent ? conversation.ended(silentSince(conversation), turns) : conversation,
              turns,
              withMemories ? SourceTable.memories(handle, id) : Map.of());
        });
  }

  private static Conversation owned(
      Optional<Conversation> found, String id, String world, Optional<String> player) {
    var conversation =
        found
            .filter(talk -> talk.pair().world().equals(world))
            .orElseThrow(() -> Refusal.notFound("conversationId", "no conversation '" + id + "'"));
    if (player.isPresent() && !conversation.pair().player().equals(player.get())) {
      throw Refusal.denied("the conversation is another player's");
    }
    return conversation;
  }

  private Conversation end(Handle handle, Conversation conversation, Instant at) {
    var ended = conversation.ended(at, turns(handle, conversation.id()));
    TalkTable.put(handle, ended);
    outbox.publish(handle, NpcMessages.ended(ended), ended.pair().world());
    return ended;
  }

  private static List<Turn> cited(Handle handle, String id) {
    var citations = SourceTable.citations(handle, id);
    return turns(handle, id).stream()
        .map(turn -> turn.citing(citations.getOrDefault(turn.number(), List.of())))
        .toList();
  }

  private static List<Turn> turns(Handle handle, String id) {
    return TalkTable.turns(handle, id).stream().map(Stored::turn).toList();
  }
}
