package vesper.npc;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import io.grpc.Context;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import vesper.ai.v1.AnswerPath;
import vesper.ai.v1.DegradeReason;
import vesper.ai.v1.Finish;
import vesper.ai.v1.GenerateDone;
import vesper.ai.v1.ProposedAction;
import vesper.ai.v1.TokenUsage;
import vesper.kb.v1.Authority;
import vesper.npc.v1.ActionResult;
import vesper.npc.v1.ConverseAction;
import vesper.npc.v1.ConverseEnded;
import vesper.npc.v1.ConverseEvent;
import vesper.npc.v1.EndReason;
import vesper.npc.v1.GetConversationRequest;
import vesper.npc.v1.GetRelationRequest;
import vesper.npc.v1.RecallMemoriesRequest;
import vesper.npc.v1.Turn;
import vesper.testing.NatsExtension;
import vesper.testing.PostgresExtension;
import vesper.testing.TestClock;
import vesper.testing.TestDatabase;
import vesper.testing.TestNats;

/// Talks that a model answers, over the real transport, with a door to models, a knowledge-base and
/// a world-state in the same process.
@ExtendWith({NatsExtension.class, PostgresExtension.class})
class ModelTalkTest {
  private static final String MARA = "mara-vey";
  private static final Duration BOUND = Duration.ofSeconds(30);
  private static final TestClock CLOCK = TestClock.create();
  private static final Voices VOICES = new Voices();
  private static final Library LIBRARY = new Library();
  private static final Landscape LANDSCAPE = new Landscape();
  private static @Nullable People shared;

  private String player = "";

  @BeforeAll
  static void start(TestNats nats, TestDatabase database) {
    shared =
        People.start(
            nats.url(),
            database,
            CLOCK,
            Map.of("vesper.npc.ask.world", "2s", "vesper.npc.ask.knowledge", "2s"),
            new Clockwork(),
            VOICES,
            LIBRARY,
            LANDSCAPE);
  }

  @AfterAll
  static void stop() {
    people().close();
  }

  @BeforeEach
  void begin() {
    player = "p-" + UUID.randomUUID();
    CLOCK.advance(Duration.ofMinutes(2));
    LIBRARY.find(
        List.of("Ebb Loan"),
        Library.hit(
            "00-overview#the-quarrel",
            "Ostrey and Late Ostrey",
            "The families hold the night. The Dusk Lease of 612 lets the people have the daylight.",
            Authority.AUTHORITY_CANON));
    VOICES.speak((_, speech) ->
        speech
            .start(AnswerPath.ANSWER_PATH_MODEL)
            .say("The lease? ")
            .say("It lets you have the light [1].")
            .done(
                GenerateDone.newBuilder()
                    .setFinish(Finish.FINISH_COMPLETE)
                    .setUsage(TokenUsage.newBuilder().setInputTokens(900).setOutputTokens(12))
                    .addCitations(1)));
  }

  private static People people() {
    return Objects.requireNonNull(shared);
  }

  private static ConverseEnded end(List<ConverseEvent> events) {
    return events.getLast().getEnded();
  }

  private static List<ConverseAction> actions(List<ConverseEvent> events) {
    return events.stream().filter(ConverseEvent::hasAction).map(ConverseEvent::getAction).toList();
  }

  /// Who was away is left alone for a moment.
  private static void untilModelsAnswer() {
    Awaitility.await()
        .atMost(BOUND)
        .until(() ->
            end(people().events("w-" + UUID.randomUUID(), MARA, "Hello.")).getPath()
                == AnswerPath.ANSWER_PATH_MODEL);
  }

  private int rows(String table) {
    return people()
        .database()
        .withHandle(handle ->
            handle
                .createQuery("select count(*) from npc." + table + " where player_id = :player")
                .bind("player", player)
                .mapTo(Integer.class)
                .one());
  }

  @Test
  void converse_aModelAnswers_withTheSameEventsAndAllThatItStandsOn() {
    var events = people().events(player, MARA, "What is the Dusk Lease?");

    assertThat(events.stream().map(ConverseEvent::getEventCase))
        .containsExactly(
            ConverseEvent.EventCase.STARTED,
            ConverseEvent.EventCase.EMOTION,
            ConverseEvent.EventCase.TEXT,
            ConverseEvent.EventCase.TEXT,
            ConverseEvent.EventCase.CITATION,
            ConverseEvent.EventCase.ENDED);
    assertThat(events.getFirst().getStarted().getPath()).isEqualTo(AnswerPath.ANSWER_PATH_MODEL);
    assertThat(People.text(events)).isEqualTo("The lease? It lets you have the light [1].");
    var citation = events.get(4).getCitation();
    assertThat(citation.getNumber()).isEqualTo(1);
    assertThat(citation.getTitle()).isEqualTo("Ostrey and Late Ostrey › the-quarrel");
    assertThat(citation.getPath()).isEqualTo("/v1/worlds/body-broker/documents/00-overview");
    var ended = end(events);
    assertThat(ended.getPath()).isEqualTo(AnswerPath.ANSWER_PATH_MODEL);
    assertThat(ended.getReason()).isEqualTo(EndReason.END_REASON_COMPLETE);
    assertThat(ended.getDegraded()).isEqualTo(DegradeReason.DEGRADE_REASON_UNSPECIFIED);
    assertThat(ended.getUsage().getInputTokens()).isEqualTo(900);
    assertThat(ended.getUsage().getOutputTokens()).isEqualTo(12);
    assertThat(ended.getUsage().getPassages()).isOne();
    assertThat(ended.getDecisionId()).isEqualTo(VOICES.last().getDecisionId());
  }

  @Test
  void converse_theModelIsTold_whoSpeaksAndWhatIsKnown() {
    people().say(player, MARA, "My name is Ilse.");
    people().say(player, MARA, "I promise I'll bring you the ledger by Friday.");
    people().say(player, MARA, "Is the ferry running?");

    var request = VOICES.last();
    var prompt = request.getPrompt();

    assertThat(request.getUseCase()).isEqualTo("dialogue");
    assertThat(request.getNpcId()).isEqualTo(MARA);
    assertThat(request.getPlayerId()).isEqualTo(player);
    assertThat(request.getClosedTermsList()).containsExactly("Ebb Loan");
    assertThat(request.getForcedValue()).isZero();
    assertThat(request.getAllowedActionsList()).containsExactly("change_relation");
    assertThat(request.getFallback().getText()).contains("No boat has gone out since Fishday.");
    assertThat(request.getFallback().getClosing()).isNotEmpty();
    assertThat(prompt.getSpeaker()).isEqualTo("Mara Vey");
    assertThat(prompt.getPersona()).contains("keeper of the Wet Ledger").contains("bookkeeper");
    assertThat(prompt.getPlayerInput()).isEqualTo("Is the ferry running?");
    assertThat(prompt.getMemoriesList()).anyMatch(memory -> memory.contains("My name is Ilse."));
    assertThat(prompt.getPinnedList())
        .containsExactly(
            "The player is called Ilse.",
            "You may tell the player: “You promised to bring me the ledger by Friday.”");
    assertThat(prompt.getStateFactsList())
        .contains("No boat has gone out since Fishday.", "A grey coat on the third hook.")
        .contains("Tam Ferrow, ferryman.")
        .doesNotContain("Mara Vey, keeper of the Wet Ledger.")
        .anyMatch(fact -> fact.startsWith("It is a little past nine, Washday, in spring"));
    assertThat(prompt.getPassagesList()).hasSize(1);
    assertThat(prompt.getPassages(0).getNumber()).isOne();
    assertThat(prompt.getTurnsList()).hasSize(4);
    assertThat(prompt.getTurns(3).getBySpeaker()).isTrue();
    var asked = LIBRARY.asked.getLast();
    assertThat(asked.getAsker().getNpcId()).isEqualTo(MARA);
    assertThat(asked.getAsker().getPlayerId()).isEqualTo(player);
    assertThat(asked.getLimit()).isEqualTo(5);
    assertThat(LANDSCAPE.regions).contains("tallow-rows");
  }

  @Test
  void converse_factsToldToAModel_areRememberedByTheScript() {
    people().say(player, MARA, "My name is Ilse.");
    VOICES.leave();
    try {
      var events = people().events(player, MARA, "What is my name?");

      assertThat(People.text(events)).contains("Ilse");
      assertThat(end(events).getPath()).isEqualTo(AnswerPath.ANSWER_PATH_SCRIPTED);
      assertThat(end(events).getDegraded()).isEqualTo(DegradeReason.DEGRADE_REASON_UNAVAILABLE);
    } finally {
      VOICES.comeBack();
      untilModelsAnswer();
    }
  }

  @Test
  void converse_noModelInTime_isTheScriptWithTheReason() {
    VOICES.speak((request, speech) -> speech.fallBack(request));

    var events = people().events(player, MARA, "Thank you.");

    assertThat(events.getFirst().getStarted().getPath()).isEqualTo(AnswerPath.ANSWER_PATH_SCRIPTED);
    assertThat(People.text(events)).isEqualTo(VOICES.last().getFallback().getText());
    assertThat(end(events).getDegraded()).isEqualTo(DegradeReason.DEGRADE_REASON_DOWN_TIER);
    assertThat(actions(events)).hasSize(1);
    assertThat(rows("turn")).isOne();
  }

  @Test
  void converse_notKnowingWhatIsClosed_asksNoModel() {
    LIBRARY.leave();
    try {
      var events = people().events(player, MARA, "What is the Dusk Lease?");

      assertThat(VOICES.last().getForced()).isEqualTo(DegradeReason.DEGRADE_REASON_POLICY_MISSING);
      assertThat(VOICES.last().getPrompt().getPassagesList()).isEmpty();
      assertThat(end(events).getPath()).isEqualTo(AnswerPath.ANSWER_PATH_SCRIPTED);
      assertThat(end(events).getDegraded()).isEqualTo(DegradeReason.DEGRADE_REASON_POLICY_MISSING);
    } finally {
      LIBRARY.comeBack();
      untilModelsAnswer();
    }
  }

  @Test
  void converse_modelBreaksOff_isEndedByALineOfTheWorldAndKept() {
    VOICES.speak((_, speech) -> {
      speech.start(AnswerPath.ANSWER_PATH_MODEL).say("I kept the books of the last house.");
      throw new IllegalStateException("the model died");
    });

    var events = people().events(player, MARA, "Who are you?");

    var text = People.text(events);
    assertThat(text)
        .startsWith("I kept the books of the last house. ")
        .endsWith(VOICES.last().getFallback().getClosing());
    assertThat(text.length()).isGreaterThan(40);
    assertThat(end(events).getReason()).isEqualTo(EndReason.END_REASON_TRUNCATED);
    assertThat(end(events).getPath()).isEqualTo(AnswerPath.ANSWER_PATH_MODEL);
    assertThat(end(events).getDegraded()).isEqualTo(DegradeReason.DEGRADE_REASON_UNAVAILABLE);
    assertThat(rows("turn")).isOne();
  }

  @Test
  void converse_modelFailsBeforeAWord_isTheScript() {
    VOICES.speak((_, speech) -> {
      speech.start(AnswerPath.ANSWER_PATH_MODEL);
      throw new IllegalStateException("the model died");
    });

    var events = people().events(player, MARA, "Who are you?");

    assertThat(events.getFirst().getStarted().getPath()).isEqualTo(AnswerPath.ANSWER_PATH_SCRIPTED);
    assertThat(People.text(events)).isEqualTo(VOICES.last().getFallback().getText());
    assertThat(end(events).getReason()).isEqualTo(EndReason.END_REASON_COMPLETE);
  }

  @Test
  void converse_modelSaysNothing_isTheScript() {
    VOICES.speak(
        (_, speech) -> speech.start(AnswerPath.ANSWER_PATH_MODEL).done(GenerateDone.newBuilder()));

    var events = people().events(player, MARA, "Who are you?");

    assertThat(end(events).getPath()).isEqualTo(AnswerPath.ANSWER_PATH_SCRIPTED);
    assertThat(end(events).getDegraded()).isEqualTo(DegradeReason.DEGRADE_REASON_INVALID_OUTPUT);
  }

  @Test
  void converse_guardedAnswer_saysSo() {
    VOICES.speak((_, speech) ->
        speech
            .start(AnswerPath.ANSWER_PATH_MODEL)
            .say("So far, so good.")
            .done(
                GenerateDone.newBuilder()
                    .setFinish(Finish.FINISH_GUARD)
                    .setReason(DegradeReason.DEGRADE_REASON_GUARD)));

    var ended = end(people().events(player, MARA, "Who are you?"));

    assertThat(ended.getReason()).isEqualTo(EndReason.END_REASON_GUARD);
    assertThat(ended.getDegraded()).isEqualTo(DegradeReason.DEGRADE_REASON_GUARD);
  }

  @Test
  void converse_longWordsOfAModel_comeInPiecesInOrder() {
    var words = "One two three four five six seven eight nine ten. ".repeat(8).strip();
    VOICES.speak((_, speech) ->
        speech
            .start(AnswerPath.ANSWER_PATH_MODEL)
            .say(words)
            .say(" And then some.")
            .done(GenerateDone.newBuilder()));

    var events = people().events(player, MARA, "Count for me.");

    var texts = events.stream().filter(ConverseEvent::hasText).map(ConverseEvent::getText).toList();
    assertThat(texts).hasSizeGreaterThan(3);
    for (int i = 0; i < texts.size(); i++) {
      assertThat(texts.get(i).getSeq()).isEqualTo(i);
      assertThat(texts.get(i).getText()).hasSizeBetween(1, 120);
    }
    assertThat(People.text(events)).isEqualTo(words + " And then some.");
  }

  @Test
  void converse_proposalsOfAModel_happenAsFarAsTheWorldAllows() {
    propose(Map.of("trust", 9.0));
    var events = people().events(player, MARA, "Here, the ledger.");

    assertThat(actions(events))
        .extracting(ConverseAction::getResult)
        .containsExactly(ActionResult.ACTION_RESULT_APPLIED);
    assertThat(trust()).isEqualTo(10);

    people().events(player, MARA, "And your coat.");
    people().events(player, MARA, "And your keys.");
    var last = people().events(player, MARA, "And your cat.");

    assertThat(trust()).isEqualTo(20);
    assertThat(actions(last))
        .singleElement()
        .satisfies(action -> {
          assertThat(action.getResult()).isEqualTo(ActionResult.ACTION_RESULT_REJECTED);
          assertThat(action.getReason()).contains("as far as a talk can");
        });
  }

  @Test
  void converse_proposalsThatMakeNoSense_areRefusedWithTheReason() {
    propose(Map.of("love", 3.0));

    var events = people().events(player, MARA, "Here, the ledger.");

    assertThat(actions(events))
        .singleElement()
        .satisfies(action -> {
          assertThat(action.getResult()).isEqualTo(ActionResult.ACTION_RESULT_REJECTED);
          assertThat(action.getReason()).isEqualTo("there is no such feeling");
        });
    assertThat(trust()).isEqualTo(5);
  }

  private static void propose(Map<String, Double> feelings) {
    var arguments = Struct.newBuilder();
    feelings.forEach((name, value) ->
        arguments.putFields(name, Value.newBuilder().setNumberValue(value).build()));
    VOICES.speak((_, speech) ->
        speech
            .start(AnswerPath.ANSWER_PATH_MODEL)
            .say("I see.")
            .done(
                GenerateDone.newBuilder()
                    .addActions(
                        ProposedAction.newBuilder()
                            .setKind("change_relation")
                            .setArguments(arguments))));
  }

  private double trust() {
    return people()
        .designer()
        .getRelation(
            GetRelationRequest.newBuilder()
                .setWorldId(People.WORLD)
                .setNpcId(MARA)
                .setOtherId(player)
                .build())
        .getTrust();
  }

  @Test
  void converse_sameKeyAgain_givesTheModelsAnswerAgain() {
    var keyed =
        people().player(player).withInterceptors(People.with("idempotency-key", "once-" + player));
    var words = People.words(MARA, "What is the Dusk Lease?");
    List<ConverseEvent> first = new ArrayList<>();
    keyed.converse(words).forEachRemaining(first::add);
    VOICES.speak((_, _) -> {
      throw new IllegalStateException("asked twice");
    });
    List<ConverseEvent> again = new ArrayList<>();
    keyed.converse(words).forEachRemaining(again::add);

    assertThat(VOICES.asked).isEmpty();
    assertThat(People.text(again)).isEqualTo(People.text(first));
    assertThat(again.getLast()).isEqualTo(first.getLast());
    assertThat(again.stream().filter(ConverseEvent::hasCitation))
        .isEqualTo(first.stream().filter(ConverseEvent::hasCitation).toList());
    assertThat(again.getFirst()).isEqualTo(first.getFirst());
  }

  @Test
  void converse_leftInTheMiddle_endsTheGenerationAndLeavesNothing() throws InterruptedException {
    var spoken = new CountDownLatch(1);
    var ended = new CountDownLatch(1);
    VOICES.speak((_, speech) -> {
      speech.start(AnswerPath.ANSWER_PATH_MODEL).say("Listen well.");
      spoken.countDown();
      var left = new CountDownLatch(1);
      Context.current().addListener(_ -> left.countDown(), Runnable::run);
      try {
        if (left.await(BOUND.toSeconds(), TimeUnit.SECONDS)) {
          ended.countDown();
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    });
    var call = Context.current().withCancellation();
    var heard = new CountDownLatch(1);
    call.run(() ->
        people()
            .listeningPlayer(player)
            .converse(
                People.words(MARA, "My name is Ilse."),
                new StreamObserver<>() {
                  @Override
                  public void onNext(ConverseEvent event) {
                    if (event.hasText()) {
                      heard.countDown();
                    }
                  }

                  @Override
                  public void onError(Throwable thrown) {}

                  @Override
                  public void onCompleted() {}
                }));
    assertThat(heard.await(BOUND.toSeconds(), TimeUnit.SECONDS)).isTrue();

    call.cancel(null);

    assertThat(ended.await(BOUND.toSeconds(), TimeUnit.SECONDS)).isTrue();
    Awaitility.await().atMost(BOUND).until(() -> rows("running_turn") == 0);
    for (var table : List.of("conversation", "turn", "memory")) {
      assertThat(rows(table)).as(table).isZero();
    }
  }

  @Test
  void getConversation_tellsOperatorsWhatAnswersWereBuiltFrom_andPlayersTheCitations() {
    people().say(player, MARA, "I keep a boat in the harbour.");
    var events = people().events(player, MARA, "What is the Dusk Lease?");
    var talk = events.getFirst().getStarted().getConversationId();
    var request =
        GetConversationRequest.newBuilder()
            .setWorldId(People.WORLD)
            .setConversationId(talk)
            .build();

    var seen = people().operator().getConversation(request).getTurnsList();
    var own = people().player(player).getConversation(request).getTurnsList();

    assertThat(seen).extracting(Turn::getPath).containsOnly(AnswerPath.ANSWER_PATH_MODEL);
    var memory = seen.get(1).getMemories(0);
    assertThat(memory.getMemory().getText()).isEqualTo("I keep a boat in the harbour.");
    assertThat(memory.getScore())
        .isEqualTo(memory.getRecency() + memory.getImportance() + memory.getRelevance());
    assertThat(seen.get(1).getCitationsList()).hasSize(1);
    assertThat(own.get(1).getMemoriesList()).isEmpty();
    assertThat(own.get(1).getCitationsList()).isEqualTo(seen.get(1).getCitationsList());
    assertThat(own.get(1).getAnswer()).isEqualTo(People.text(events));
  }

  @Test
  void memories_getVectors_andAreRecalledByMeaning() {
    people().say(player, MARA, "I keep a boat in the harbour.");
    people().say(player, MARA, "The weather was mild on the hill.");
    Awaitility.await().atMost(BOUND).until(() -> bare() == 0);

    var recalled =
        people()
            .designer()
            .recallMemories(
                RecallMemoriesRequest.newBuilder()
                    .setWorldId(People.WORLD)
                    .setNpcId(MARA)
                    .setPlayerId(player)
                    .setQuery("Where is the ship?")
                    .setLimit(2)
                    .build())
            .getMemoriesList();

    assertThat(recalled.getFirst().getMemory().getText()).contains("boat");
    assertThat(recalled.get(0).getRelevance()).isEqualTo(1);
    assertThat(recalled.get(1).getRelevance()).isZero();
  }

  private int bare() {
    return people()
        .database()
        .withHandle(handle ->
            handle
                .createQuery(
                    "select count(*) from npc.memory where player_id = :player and vector is null")
                .bind("player", player)
                .mapTo(Integer.class)
                .one());
  }

  @Test
  void worldState_isAskedAtMostOnceInTwoSeconds() {
    people().say(player, MARA, "Hello.");
    int before = LANDSCAPE.asked.get();
    for (int i = 0; i < 5; i++) {
      people().say(player, MARA, "Any news?");
    }

    assertThat(LANDSCAPE.asked.get() - before).isLessThan(5);
  }
}
