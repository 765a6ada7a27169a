package vesper.npc;

import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import vesper.npc.Conversation.Pair;
import vesper.npc.Talks.Begun;
import vesper.npc.Talks.Words;
import vesper.npc.v1.ConverseEvent;
import vesper.npc.v1.ConverseRequest;
import vesper.runtime.CallContext;
import vesper.runtime.Ids;
import vesper.runtime.Refusal;

/// Answers words with a stream: the answer first, then the commit, then its acknowledgement. A
/// stream that is cancelled before the commit leaves nothing behind.
final class Converser {

  private static final Duration RETRY = Duration.ofSeconds(1);

  private final Talks talks;
  private final InstantSource clock;
  private final Ids ids;
  private final NpcConfig config;
  private final Semaphore places;

  Converser(Talks talks, InstantSource clock, Ids ids, NpcConfig config) {
    this.talks = talks;
    this.clock = clock;
    this.ids = ids;
    this.config = config;
    places = new Semaphore(config.answersAtOnce(), true);
  }

  /// Answers one thing that a player says.
  ///
  /// @param player who speaks
  void answer(
      World world,
      ConverseRequest request,
      String player,
      ServerCallStreamObserver<ConverseEvent> out) {
    long start = System.nanoTime();
    // Without a handler a cancelled stream would throw at the next item, also after the commit.
    out.setOnCancelHandler(() -> {});
    var part = world.part(request.getNpcId());
    var words = words(request, player);
    switch (inPlace(() -> talks.begin(words))) {
      case Begun.Over _ -> throw Talks.over();
      case Begun.Replayed(var stored) -> {
        CallContext.current().markReplayed();
        out.onNext(NpcMessages.started(stored.conversation(), stored.turn(), part));
        NpcMessages.answer(stored.turn()).forEach(out::onNext);
        out.onNext(NpcMessages.ended(stored.turn(), stored.firstTextMicros()));
      }
      case Begun.Fresh(var encounter) -> say(world, part, encounter, words, request, start, out);
    }
    out.onCompleted();
  }

  /// Does something with the database when it is this caller's turn. A reader that is slow to take
  /// the answer holds no place.
  private <T> T inPlace(Supplier<T> work) {
    try {
      if (!places.tryAcquire(config.patience().toNanos(), TimeUnit.NANOSECONDS)) {
        throw Refusal.exhausted(RETRY, "too many people talk at once");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw Status.CANCELLED.withDescription("the server stops").asRuntimeException();
    }
    try {
      return work.get();
    } finally {
      places.release();
    }
  }

  private void say(
      World world,
      Part part,
      Encounter encounter,
      Words words,
      ConverseRequest request,
      long start,
      ServerCallStreamObserver<ConverseEvent> out) {
    boolean committed = false;
    try {
      var exchange =
          Exchange.of(
              world.script(), part, encounter, request.getUtterance(), now(world, encounter));
      var turn = exchange.turn();
      out.onNext(NpcMessages.started(exchange.conversation().id(), turn, part));
      long firstText = (System.nanoTime() - start) / 1_000;
      NpcMessages.answer(turn).forEach(out::onNext);
      if (out.isCancelled()) {
        throw Status.CANCELLED.withDescription("nobody listens").asRuntimeException();
      }
      committed =
          inPlace(() -> {
            talks.commit(exchange, words.claim(), part.baseline(), firstText);
            return true;
          });
      out.onNext(NpcMessages.ended(turn, firstText));
    } finally {
      if (!committed) {
        talks.release(words.pair(), words.claim());
      }
    }
  }

  private Exchange.Now now(World world, Encounter encounter) {
    var known = world.time().read();
    return new Exchange.Now(
        known.moment(),
        Math.max(known.gameSeconds(), encounter.newestGameSeconds()),
        clock.instant(),
        ids::next,
        config.talkTurns());
  }

  private Words words(ConverseRequest request, String player) {
    var hashed = request.toBuilder().setPlayerId(player).build();
    return new Words(
        new Pair(request.getWorldId(), request.getNpcId(), player),
        Optional.of(request.getConversationId()).filter(id -> !id.isEmpty()),
        new Claim(
            ids.next(),
            CallContext.current().idempotencyKey(),
            Digests.sha256("Converse", hashed)));
  }
}
