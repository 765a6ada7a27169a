package vesper.npc;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Context;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import vesper.ai.v1.AnswerPath;
import vesper.npc.v1.ActionResult;
import vesper.npc.v1.ConversationEnded;
import vesper.npc.v1.ConversationStatus;
import vesper.npc.v1.ConverseEvent;
import vesper.npc.v1.ConverseRequest;
import vesper.npc.v1.EndConversationRequest;
import vesper.npc.v1.EndReason;
import vesper.npc.v1.GetConversationRequest;
import vesper.npc.v1.PromiseMade;
import vesper.testing.NatsExtension;
import vesper.testing.PostgresExtension;
import vesper.testing.TestClock;
import vesper.testing.TestDatabase;
import vesper.testing.TestNats;

/// Talks over the real transport.
@ExtendWith({NatsExtension.class, PostgresExtension.class})
class NpcServiceTest {

  private static final String MARA = "mara-vey";
  private static final TestClock CLOCK = TestClock.create();
  private static final Clockwork TIME = new Clockwork();
  private static @Nullable People shared;

  private String player = "";

  @BeforeAll
  static void start(TestNats nats, TestDatabase database) {
    shared = People.start(nats.url(), database, CLOCK, Map.of(), TIME);
  }

  @AfterAll
  static void stop() {
    people().close();
  }

  @BeforeEach
  void newPlayer() {
    player = "p-" + UUID.randomUUID();
    TIME.comeBack();
    CLOCK.advance(Duration.ofMinutes(2));
  }

  private static People people() {
    return Objects.requireNonNull(shared);
  }

  private static String conversation(List<ConverseEvent> events) {
    return events.getFirst().getStarted().getConversationId();
  }

  private int turnsOf(String of) {
    return people()
        .database()
        .withHandle(handle ->
            handle
                .createQuery("select count(*) from npc.turn where player_id = :player")
                .bind("player", of)
                .mapTo(Integer.class)
                .one());
  }

  private int runningOf(String of) {
    return people()
        .database()
        .withHandle(handle ->
            handle
                .createQuery("select count(*) from npc.running_turn where player_id = :player")
                .bind("player", of)
                .mapTo(Integer.class)
                .one());
  }

  @Test
  void converse_streamsInOrder_andKeepsTheTurn() {
    var events = people().events(player, MARA, "My name is Ilse. Tell me about the last broker.");

    assertThat(events.getFirst().getStarted().getTurn()).isEqualTo(1);
    assertThat(events.getFirst().getStarted().getNpcName()).isEqualTo("Mara Vey");
    assertThat(events.getFirst().getStarted().getPath()).isEqualTo(AnswerPath.ANSWER_PATH_SCRIPTED);
    var texts = events.stream().filter(ConverseEvent::hasText).map(ConverseEvent::getText).toList();
    assertThat(texts).hasSizeGreaterThan(1);
    for (int seq = 0; seq < texts.size(); seq++) {
      assertThat(texts.get(seq).getSeq()).isEqualTo(seq);
      assertThat(texts.get(seq).getText()).hasSizeBetween(1, 120);
    }
    var kinds = events.stream().map(ConverseEvent::getEventCase).toList();
    assertThat(kinds).startsWith(ConverseEvent.EventCase.STARTED);
    assertThat(kinds).endsWith(ConverseEvent.EventCase.ACTION, ConverseEvent.EventCase.ENDED);
    assertThat(events.get(events.size() - 2).getAction().getResult())
        .isEqualTo(ActionResult.ACTION_RESULT_APPLIED);
    var ended = events.getLast().getEnded();
    assertThat(ended.getReason()).isEqualTo(EndReason.END_REASON_COMPLETE);
    assertThat(ended.getGameSeconds()).isEqualTo(75_900);
    assertThat(ended.getUsage().getCharacters()).isEqualTo(People.text(events).length());
    assertThat(ended.getUsage().getFirstTextMicros()).isPositive();
    var kept =
        people()
            .player(player)
            .getConversation(
                GetConversationRequest.newBuilder()
                    .setWorldId(People.WORLD)
                    .setConversationId(conversation(events))
                    .build());
    assertThat(kept.getStatus()).isEqualTo(ConversationStatus.CONVERSATION_STATUS_OPEN);
    assertThat(kept.getTurnsList()).hasSize(1);
    assertThat(kept.getTurns(0).getAnswer()).isEqualTo(People.text(events));
    assertThat(kept.getTurns(0).getDecisionId()).isEqualTo(ended.getDecisionId());
  }

  @Test
  void converse_sameKey_sendsTheStoredTurnAgain() {
    var key = People.with("idempotency-key", "key-of-the-first-words-" + player);
    var first = new ArrayList<ConverseEvent>();
    var again = new ArrayList<ConverseEvent>();
    var words = People.words(MARA, "My name is Ilse.");
    people().player(player).withInterceptors(key).converse(words).forEachRemaining(first::add);
    people().say(player, MARA, "How are you?");

    var headers = new AtomicReference<Metadata>();
    var trailers = new AtomicReference<Metadata>();
    people()
        .player(player)
        .withInterceptors(key, MetadataUtils.newCaptureMetadataInterceptor(headers, trailers))
        .converse(words)
        .forEachRemaining(again::add);

    assertThat(again).isEqualTo(first);
    assertThat(turnsOf(player)).isEqualTo(2);
    var replayed = Metadata.Key.of("vesper-replayed", Metadata.ASCII_STRING_MARSHALLER);
    assertThat(headers.get().get(replayed)).isEqualTo("true");
    var reused =
        Refusals.of(
            Status.Code.INVALID_ARGUMENT,
            () ->
                people()
                    .player(player)
                    .withInterceptors(key)
                    .converse(People.words(MARA, "Other words."))
                    .forEachRemaining(again::add));
    assertThat(reused.reason()).isEqualTo("IDEMPOTENCY_KEY_REUSED");
  }

  @Test
  void converse_whileTheLastWordsAreAnswered_isBusy() {
    var key = "key-of-words-under-way-" + player;
    var words = People.words(MARA, "Hello.");
    var hash = Digests.sha256("Converse", words.toBuilder().setPlayerId(player).build());
    running(key, hash);

    var busy = Refusals.of(Status.Code.FAILED_PRECONDITION, () -> drain(words));
    assertThat(busy.reason()).isEqualTo("BUSY");
    var keyed = people().player(player).withInterceptors(People.with("idempotency-key", key));
    var same =
        Refusals.of(Status.Code.ABORTED, () -> keyed.converse(words).forEachRemaining(_ -> {}));
    assertThat(same.retryDelay()).isPositive();
    Refusals.of(
        Status.Code.INVALID_ARGUMENT,
        () -> keyed.converse(People.words(MARA, "Bye.")).forEachRemaining(_ -> {}));

    people()
        .database()
        .useHandle(handle ->
            handle.execute(
                "update npc.running_turn set expires_at = clock_timestamp() where player_id = ?",
                player));
    drain(words);
    assertThat(turnsOf(player)).isEqualTo(1);
    assertThat(runningOf(player)).isZero();
  }

  private void running(String key, String hash) {
    people()
        .database()
        .useHandle(handle ->
            TalkTable.claim(
                handle,
                new Conversation.Pair(People.WORLD, MARA, player),
                new Claim(UUID.randomUUID().toString(), Optional.of(key), hash),
                Duration.ofHours(1)));
  }

  private void drain(ConverseRequest request) {
    people().player(player).converse(request).forEachRemaining(_ -> {});
  }

  @Test
  void converse_cancelled_keepsAWholeTurnOrNothing() throws InterruptedException {
    var started = new CountDownLatch(1);
    var call = Context.current().withCancellation();
    call.run(() ->
        people()
            .listeningPlayer(player)
            .converse(
                People.words(MARA, "My name is Ilse."),
                new StreamObserver<>() {
                  @Override
                  public void onNext(ConverseEvent event) {
                    started.countDown();
                    call.cancel(null);
                  }

                  @Override
                  public void onError(Throwable thrown) {
                    started.countDown();
                  }

                  @Override
                  public void onCompleted() {}
                }));
    assertThat(started.await(20, TimeUnit.SECONDS)).isTrue();

    Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(() -> assertThat(runningOf(player)).isZero());
    int turns = turnsOf(player);
    assertThat(turns).isLessThanOrEqualTo(1);
    assertThat(people().say(player, MARA, "What is my name?").contains("Ilse"))
        .isEqualTo(turns == 1);
  }

  @Test
  void converse_twentyOneTurnsInAMinute_isTooMany() {
    for (int turn = 0; turn < 20; turn++) {
      CLOCK.advance(Duration.ofSeconds(1));
      drain(People.words(turn % 2 == 0 ? MARA : "hob-garrity", "Hello."));
    }

    var tooMany =
        Refusals.of(Status.Code.RESOURCE_EXHAUSTED, () -> drain(People.words(MARA, "Hello.")));

    assertThat(tooMany.retryDelay()).isEqualTo(Duration.ofSeconds(41));
    CLOCK.advance(Duration.ofSeconds(41));
    drain(People.words(MARA, "Hello."));
  }

  @Test
  void converse_farewell_endsTheTalk() {
    people().say(player, MARA, "My name is Ilse.");
    people().say(player, MARA, "I promise to bring you the ledger.");
    var last = people().events(player, MARA, "Goodbye.");

    assertThat(last.getLast().getEnded().getConversationOver()).isTrue();
    assertThat(last.getLast().getEnded().getReason()).isEqualTo(EndReason.END_REASON_FAREWELL);
    var over = Refusals.of(Status.Code.FAILED_PRECONDITION, () -> drain(inTalk(last, "Hello?")));
    assertThat(over.reason()).isEqualTo("CONVERSATION_ENDED");
    var event =
        people().published("conversation_ended", ConversationEnded.parser()).stream()
            .filter(ended -> ended.getPlayerId().equals(player))
            .toList();
    assertThat(event).hasSize(1);
    assertThat(event.getFirst().getTurns()).isEqualTo(3);
    assertThat(event.getFirst().getSummary())
        .isEqualTo("3 turns: told name: Ilse; told promise: to bring me the ledger");
    assertThat(people().published("promise_made", PromiseMade.parser()))
        .anySatisfy(made -> {
          assertThat(made.getPlayerId()).isEqualTo(player);
          assertThat(made.getValue()).isEqualTo("to bring me the ledger");
        });
    assertThat(conversation(people().events(player, MARA, "Hello.")))
        .isNotEqualTo(conversation(last));
  }

  private static ConverseRequest inTalk(List<ConverseEvent> talk, String utterance) {
    return People.words(MARA, utterance).toBuilder().setConversationId(conversation(talk)).build();
  }

  @Test
  void converse_afterTenSilentMinutes_isAnotherTalk() {
    var first = people().events(player, MARA, "Hello.");
    CLOCK.advance(Duration.ofMinutes(10));
    var same = people().events(player, MARA, "How are you?");
    assertThat(conversation(same)).isNotEqualTo(conversation(first));
    CLOCK.advance(Duration.ofMinutes(11));
    var silent = get(player, conversation(same));
    assertThat(silent.getStatus()).isEqualTo(ConversationStatus.CONVERSATION_STATUS_ENDED);
    assertThat(silent.getSummary()).isEqualTo("1 turn");

    var over = Refusals.of(Status.Code.FAILED_PRECONDITION, () -> drain(inTalk(same, "Hello?")));

    assertThat(over.reason()).isEqualTo("CONVERSATION_ENDED");
    assertThat(people().published("conversation_ended", ConversationEnded.parser()))
        .filteredOn(ended -> ended.getPlayerId().equals(player))
        .hasSize(2);
  }

  @Test
  void converse_whileTheTalkIsEnded_isRefusedAndTheTalkEndsOnce() {
    var talk = conversation(people().events(player, MARA, "Hello."));
    var more = inTalk(people().events(player, MARA, "How are you?"), "Any news?");

    people().player(player).endConversation(ending(talk));
    people().player(player).endConversation(ending(talk));

    assertThat(Refusals.of(Status.Code.FAILED_PRECONDITION, () -> drain(more)).reason())
        .isEqualTo("CONVERSATION_ENDED");
    assertThat(people().published("conversation_ended", ConversationEnded.parser()))
        .filteredOn(ended -> ended.getPlayerId().equals(player))
        .hasSize(1);
  }

  private static EndConversationRequest ending(String conversation) {
    return EndConversationRequest.newBuilder()
        .setWorldId(People.WORLD)
        .setConversationId(conversation)
        .build();
  }

  private static vesper.npc.v1.Conversation get(String as, String conversation) {
    return people()
        .player(as)
        .getConversation(
            GetConversationRequest.newBuilder()
                .setWorldId(People.WORLD)
                .setConversationId(conversation)
                .build());
  }

  @Test
  void converse_thirtyTurns_endTheTalk() {
    for (int turn = 1; turn <= 30; turn++) {
      var events = people().events(player, MARA, "Any news?");
      assertThat(events.getFirst().getStarted().getTurn()).isEqualTo(turn);
      assertThat(events.getLast().getEnded().getConversationOver()).isEqualTo(turn == 30);
    }
    assertThat(people().events(player, MARA, "Any news?").getFirst().getStarted().getTurn())
        .isEqualTo(1);
  }

  @Test
  void endConversation_twice_changesNothingMore() {
    var talk = people().events(player, MARA, "Hello.");
    var request =
        EndConversationRequest.newBuilder()
            .setWorldId(People.WORLD)
            .setConversationId(conversation(talk))
            .build();

    var ended = people().player(player).endConversation(request);
    CLOCK.advance(Duration.ofSeconds(5));
    var again = people().player(player).endConversation(request);

    assertThat(ended.getStatus()).isEqualTo(ConversationStatus.CONVERSATION_STATUS_ENDED);
    assertThat(again).isEqualTo(ended);
    assertThat(people().published("conversation_ended", ConversationEnded.parser()))
        .filteredOn(event -> event.getPlayerId().equals(player))
        .hasSize(1);
  }

  @Test
  void otherPlayersConversation_isDenied() {
    var talk = people().events(player, MARA, "Hello.");
    var other = "other-" + player;

    Refusals.of(Status.Code.PERMISSION_DENIED, () -> get(other, conversation(talk)));
    Refusals.of(
        Status.Code.PERMISSION_DENIED,
        () -> people().player(other).converse(inTalk(talk, "Hello.")).forEachRemaining(_ -> {}));
    Refusals.of(
        Status.Code.PERMISSION_DENIED,
        () ->
            people()
                .player(other)
                .converse(People.words(MARA, "Hello.").toBuilder().setPlayerId(player).build())
                .forEachRemaining(_ -> {}));
    Refusals.of(
        Status.Code.PERMISSION_DENIED,
        () ->
            people()
                .player(other)
                .endConversation(
                    EndConversationRequest.newBuilder()
                        .setWorldId(People.WORLD)
                        .setConversationId(conversation(talk))
                        .build()));
    assertThat(
            people()
                .operator()
                .getConversation(
                    GetConversationRequest.newBuilder()
                        .setWorldId(People.WORLD)
                        .setConversationId(conversation(talk))
                        .build())
                .getTurnsList())
        .hasSize(1);
    Refusals.of(Status.Code.NOT_FOUND, () -> get(player, UUID.randomUUID().toString()));
    Refusals.of(
        Status.Code.NOT_FOUND,
        () -> drain(inTalk(talk, "Hello.").toBuilder().setNpcId("hob-garrity").build()));
  }

  @Test
  void callers_mustBeKnown_andNameThePlayer() {
    Refusals.of(
        Status.Code.UNAUTHENTICATED,
        () ->
            people().anonymous().converse(People.words(MARA, "Hello.")).forEachRemaining(_ -> {}));
    var unnamed =
        Refusals.of(
            Status.Code.INVALID_ARGUMENT,
            () ->
                people()
                    .gameServer()
                    .converse(People.words(MARA, "Hello."))
                    .forEachRemaining(_ -> {}));
    assertThat(unnamed.field()).isEqualTo("playerId");
    people()
        .gameServer()
        .converse(People.words(MARA, "My name is Ilse.").toBuilder().setPlayerId(player).build())
        .forEachRemaining(_ -> {});
    assertThat(people().say(player, MARA, "What is my name?")).contains("Ilse");
  }

  @Test
  void unknownNames_areRefusedWithTheNearest() {
    var npc = Refusals.of(Status.Code.NOT_FOUND, () -> drain(People.words("mara-vay", "Hello.")));
    assertThat(npc.message()).contains("did you mean 'mara-vey'?");
    var world =
        Refusals.of(
            Status.Code.NOT_FOUND,
            () -> drain(People.words(MARA, "Hello.").toBuilder().setWorldId("body-brokr").build()));
    assertThat(world.message()).contains("did you mean 'body-broker'?");
    for (var words : List.of("", "   ", "x".repeat(1_001))) {
      var field =
          Refusals.of(Status.Code.INVALID_ARGUMENT, () -> drain(People.words(MARA, words))).field();
      assertThat(field).isEqualTo("utterance");
    }
  }

  @Test
  void timeIsAway_theAnswerStillComes() {
    TIME.leave();
    CLOCK.advance(Duration.ofSeconds(5));

    assertThat(people().say(player, MARA, "My name is Ilse.")).contains("Ilse");
    assertThat(people().say(player, MARA, "What time is it?")).isNotBlank().doesNotContain("nine");
    TIME.comeBack();
    CLOCK.advance(Duration.ofSeconds(5));
    assertThat(people().say(player, MARA, "What time is it?")).contains("little past nine");
  }

  @Test
  void time_isAskedAtMostOnceASecond() {
    drain(People.words(MARA, "Hello."));
    int before = TIME.asked();
    for (int turn = 0; turn < 5; turn++) {
      drain(People.words(MARA, "What time is it?"));
    }
    assertThat(TIME.asked()).isEqualTo(before);
    CLOCK.advance(Duration.ofMillis(1_001));
    drain(People.words(MARA, "What time is it?"));
    assertThat(TIME.asked()).isEqualTo(before + 1);
  }

  @Test
  void manyTalksAtOnce_allAreAnswered() throws Exception {
    int talks = 250;
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Integer>> answers = new ArrayList<>();
      for (int i = 0; i < talks; i++) {
        var each = "crowd-" + i + "-" + player;
        var npc = i % 2 == 0 ? MARA : "hob-garrity";
        answers.add(
            threads.submit(() -> {
              List<ConverseEvent> events = new ArrayList<>();
              people()
                  .player(each)
                  .converse(People.words(npc, "I grew up in Kiln Street."))
                  .forEachRemaining(events::add);
              return events.getLast().hasEnded() ? 1 : 0;
            }));
      }
      int answered = 0;
      for (var answer : answers) {
        answered += answer.get();
      }
      assertThat(answered).isEqualTo(talks);
    }
    assertThat(people().rows("running_turn")).isZero();
  }
}
