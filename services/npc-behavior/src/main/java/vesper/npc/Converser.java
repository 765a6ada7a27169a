package vesper.npc;

import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import java.time.InstantSource;
import java.util.Optional;
import vesper.ai.v1.AnswerPath;
import vesper.npc.Conversation.Pair;
import vesper.npc.Talks.Begun;
import vesper.npc.Talks.Words;
import vesper.npc.v1.ConverseEvent;
import vesper.npc.v1.ConverseRequest;
import vesper.runtime.CallContext;
import vesper.runtime.Ids;

/// Answers words with a stream: the answer first, then the commit, then its acknowledgement. The
/// answer is a model's where one gives it in time, else the script's. A stream that is cancelled
/// before the commit ends the generation and leaves nothing behind.
final class Converser {

  private final Talks talks;
  private final InstantSource clock;
  private final Ids ids;
  private final NpcConfig config;
  private final Inquiry inquiry;
  private final ModelVoice voice;
  private final Places places;

  Converser(
      Talks talks,
      InstantSource clock,
      Ids ids,
      NpcConfig config,
      Inquiry inquiry,
      ModelVoice voice) {
    this.talks = talks;
    this.clock = clock;
    this.ids = ids;
    this.config = config;
    this.inquiry = inquiry;
    this.voice = voice;
    places = new Places(config.answersAtOnce(), config.patience());
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
    // A turn keeps its key as long as it is kept itself.
    CallContext.current().markKept();
    switch (places.within(() -> talks.begin(words))) {
      case Begun.Over _ -> throw Talks.over();
      case Begun.Replayed(var stored) -> {
        CallContext.current().markReplayed();
        var turn = stored.turn();
        out.onNext(
            NpcMessages.started(stored.conversation(), turn.number(), turn.origin().path(), part));
        NpcMessages.answer(turn).forEach(out::onNext);
        out.onNext(NpcMessages.ended(turn, stored.firstTextMicros()));
      }
      case Begun.Fresh(var encounter) -> {
        boolean committed = false;
        try {
          var draft = draft(world, part, encounter, request.getUtterance());
          var telling = new Telling(draft, start, out);
          var exchange = say(draft, request.getLocale(), telling);
          if (out.isCancelled()) {
            throw Status.CANCELLED.withDescription("nobody listens").asRuntimeException();
          }
          committed =
              places.within(() -> {
                talks.commit(exchange, words.claim(), part.baseline(), telling.firstTextMicros());
                return true;
              });
          out.onNext(NpcMessages.ended(exchange.turn(), telling.firstTextMicros()));
        } finally {
          if (!committed) {
            talks.release(words.pair(), words.claim());
          }
        }
      }
    }
    out.onCompleted();
  }

  private Draft draft(World world, Part part, Encounter encounter, String utterance) {
    var pair = encounter.conversation().pair();
    var now = now(world, encounter);
    var around = inquiry.about(world, part, pair, utterance, places, now.gameSeconds());
    return Draft.of(world.script(), part, encounter, utterance, now, around);
  }

  /// Says the answer, all but its end.
  private Exchange say(Draft draft, String locale, Telling telling) {
    var asked = PromptWriter.request(draft, locale, Speaker.closing(draft));
    return switch (voice.speak(asked, telling)) {
      case Spoken.Words words -> {
        var exchange = draft.spoken(words);
        telling.finish(exchange.turn());
        yield exchange;
      }
      case Spoken.Nothing(var reason) -> {
        var exchange = draft.scripted(reason);
        telling.tell(exchange.turn());
        yield exchange;
      }
    };
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

  /// Sends an answer while it comes about. For one thread.
  private static final class Telling implements ModelVoice.Hearer {
    private final Draft draft;
    private final long start;
    private final ServerCallStreamObserver<ConverseEvent> out;
    private long firstTextMicros;
    private int pieces;
    private boolean begun;

    Telling(Draft draft, long start, ServerCallStreamObserver<ConverseEvent> out) {
      this.draft = draft;
      this.start = start;
      this.out = out;
    }

    private void begin(AnswerPath path) {
      var conversation = draft.before().conversation();
      out.onNext(
          NpcMessages.started(conversation.id(), conversation.turns() + 1, path, draft.part()));
      firstTextMicros = (System.nanoTime() - start) / 1_000;
      draft.feeling().map(NpcMessages::emotion).ifPresent(out::onNext);
      begun = true;
    }

    @Override
    public void hear(AnswerPath path, String words) {
      if (!begun) {
        begin(path);
      }
      for (var event : NpcMessages.words(words, pieces)) {
        out.onNext(event);
        pieces++;
      }
    }

    @Override
    public boolean isGone() {
      return out.isCancelled();
    }

    /// Sends what follows the words.
    void finish(Turn turn) {
      NpcMessages.after(turn).forEach(out::onNext);
    }

    /// Sends a whole scripted answer.
    void tell(Turn turn) {
      hear(turn.origin().path(), turn.answer());
      finish(turn);
    }

    long firstTextMicros() {
      return firstTextMicros;
    }
  }
}
