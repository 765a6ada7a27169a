package vesper.ai;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.util.Durations;
import com.google.protobuf.util.Timestamps;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import vesper.ai.v1.AnswerPath;
import vesper.ai.v1.Decision;
import vesper.ai.v1.DecisionAttempt;
import vesper.ai.v1.DecisionStatus;
import vesper.ai.v1.GenerateTimings;
import vesper.ai.v1.ListDecisionsRequest;
import vesper.ai.v1.PromptSection;
import vesper.ai.v1.ProposedAction;
import vesper.runtime.Database;
import vesper.runtime.DatabasePool;
import vesper.runtime.Ids;
import vesper.runtime.Secret;
import vesper.runtime.Stopping;
import vesper.testing.PostgresExtension;
import vesper.testing.TestClock;
import vesper.testing.TestDatabase;

@ExtendWith(PostgresExtension.class)
class DecisionLogTest {
  private static final AiConfig.Decisions CONFIG =
      new AiConfig.Decisions(
          Duration.ofMillis(10), 16, 64, Duration.ofDays(30), Duration.ofDays(400));

  private final DatabasePool pool;
  private final Database database;
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final TestClock clock = TestClock.create();
  private final Ids ids = Ids.seeded(1, clock);
  private final DecisionLog log;

  DecisionLogTest(TestDatabase test) {
    pool = DatabasePool.open(test.jdbcUrl(), test.user(), new Secret(test.password()));
    pool.migrate(List.of("ai"));
    database = pool.database("ai");
    log = new DecisionLog(database, CONFIG, ids.next(), meters);
  }

  @AfterEach
  void close() {
    database.run("test.clear", handle -> handle.execute("delete from ai.decision"));
    pool.close();
  }

  @Test
  @Tag("DR-3")
  void add_whenStopped_allAreWritten() throws Exception {
    List<Decision> decisions = IntStream.range(0, 50).mapToObj(i -> decision().build()).toList();
    decisions.forEach(log::add);
    log.run(Stop.AT_ONCE);

    assertThat(decisions)
        .allSatisfy(decision -> assertThat(log.find(decision.getDecisionId())).contains(decision));
    assertThat(
            database.<List<Long>>read(
                "test.seq",
                handle ->
                    handle
                        .createQuery("select seq from ai.decision order by seq")
                        .mapTo(Long.class)
                        .list()))
        .containsExactlyElementsOf(IntStream.rangeClosed(1, 50).mapToLong(i -> i).boxed().toList());
  }

  @Test
  void find_beforeItIsWritten_isThereWithoutPersonalData() {
    Decision decision =
        decision()
            .setOutput("Write to mira@harbour.example at once.")
            .addSections(PromptSection.newBuilder().setName("input").setText("I am a@b.example"))
            .build();
    log.add(decision);
    Decision found = log.find(decision.getDecisionId()).orElseThrow();
    assertThat(found.getOutput()).isEqualTo("Write to [email] at once.");
    assertThat(found.getSections(0).getText()).isEqualTo("I am [email]");
  }

  @Test
  @Tag("DR-4")
  void find_onceItIsWritten_isThereWithoutPersonalData() throws Exception {
    Decision decision =
        decision()
            .setOutput("Write to mira@harbour.example at once.\0")
            .setPlayerId("odd\0id")
            .addActions(ProposedAction.newBuilder().setKind("give_item"))
            .build();
    log.add(decision);
    log.run(Stop.AT_ONCE);
    Decision found = log.find(decision.getDecisionId()).orElseThrow();
    assertThat(found.getOutput()).isEqualTo("Write to [email] at once.");
    assertThat(found.getActionsCount()).isEqualTo(1);
  }

  @Test
  void add_moreThanFit_isCountedAsLost() {
    IntStream.range(0, 70).forEach(i -> log.add(decision().build()));
    assertThat(meters.get("vesper.decision.lost").counter().count()).isEqualTo(6);
  }

  @Test
  void add_oneThatCannotBeWritten_losesNoOther() throws Exception {
    Decision good = decision().build();
    log.add(decision().setDecisionId("no uuid").build());
    log.add(good);
    log.run(Stop.AT_ONCE);
    assertThat(log.find(good.getDecisionId())).isPresent();
    assertThat(meters.get("vesper.decision.lost").counter().count()).isEqualTo(1);
  }

  @Test
  void run_whileAnAnswerIsUnderWay_waitsForItsRecord() throws Exception {
    log.enter();
    CountDownLatch over = new CountDownLatch(1);
    Thread.startVirtualThread(() -> {
      try {
        log.run(Stop.AT_ONCE);
        over.countDown();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    });
    Decision late = decision().build();
    log.add(late);
    log.leave();
    assertThat(over.await(60, TimeUnit.SECONDS)).isTrue();
    Optional<Decision> found =
        database.read(
            "test.find",
            handle -> DecisionTable.find(handle, UUID.fromString(late.getDecisionId())));
    assertThat(found).isPresent();
  }

  @Test
  void list_pagesAreNewestFirstAndComplete() throws Exception {
    List<Decision> all = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      clock.advance(Duration.ofMillis(i % 3));
      Decision decision =
          decision()
              .setNpcId(i % 4 == 0 ? "npc:other" : "npc:mira")
              .setPath(i % 2 == 0 ? AnswerPath.ANSWER_PATH_MODEL : AnswerPath.ANSWER_PATH_SCRIPTED)
              .addAttempts(DecisionAttempt.newBuilder().setNumber(1))
              .build();
      all.add(decision);
      log.add(decision);
    }
    log.run(Stop.AT_ONCE);

    List<String> expected =
        all.stream()
            .filter(decision -> decision.getNpcId().equals("npc:mira"))
            .sorted(
                Comparator.comparing(Decision::getCreatedAt, Timestamps.comparator())
                    .thenComparing(Decision::getDecisionId)
                    .reversed())
            .map(Decision::getDecisionId)
            .toList();
    ListDecisionsRequest list = ListDecisionsRequest.newBuilder().setNpcId("npc:mira").build();
    List<String> seen = new ArrayList<>();
    Optional<RecordPlace> after = Optional.empty();
    for (int page = 0; page < 10; page++) {
      Optional<RecordPlace> from = after;
      List<Decision> found =
          database.read("test.list", handle -> DecisionTable.list(handle, list, from, 7));
      if (found.isEmpty()) {
        break;
      }
      assertThat(found).allSatisfy(one -> assertThat(one.getAttemptsCount()).isZero());
      found.forEach(one -> seen.add(one.getDecisionId()));
      Decision last = found.getLast();
      after =
          Optional.of(
              new RecordPlace(
                  Timestamps.toMicros(last.getCreatedAt()), UUID.fromString(last.getDecisionId())));
    }
    assertThat(seen).containsExactlyElementsOf(expected);
  }

  @Test
  void upkeep_forgetsWordsFirstAndThenTheRest() throws Exception {
    Decision old = decision().setOutput("Once.").build();
    log.add(old);
    clock.advance(Duration.ofDays(20));
    Decision young = decision().setOutput("Lately.").build();
    log.add(young);
    log.run(Stop.AT_ONCE);
    DecisionUpkeep upkeep = new DecisionUpkeep(database, CONFIG, clock);

    clock.advance(Duration.ofDays(15));
    assertThat(upkeep.deleteSome()).isFalse();
    assertThat(log.find(old.getDecisionId()).orElseThrow().getOutput()).isEmpty();
    assertThat(log.find(young.getDecisionId()).orElseThrow().getOutput()).isEqualTo("Lately.");

    clock.advance(Duration.ofDays(370));
    upkeep.run(Stop.AT_ONCE);
    assertThat(log.find(old.getDecisionId())).isEmpty();
    assertThat(log.find(young.getDecisionId())).isPresent();
  }

  private Decision.Builder decision() {
    Instant now = clock.instant();
    return Decision.newBuilder()
        .setDecisionId(ids.next())
        .setStatus(DecisionStatus.DECISION_STATUS_DONE)
        .setWorldId("harbour")
        .setUseCase("dialogue")
        .setPath(AnswerPath.ANSWER_PATH_MODEL)
        .setTimings(GenerateTimings.newBuilder().setTotal(Durations.fromMillis(12)))
        .setCreatedAt(Timestamps.fromMillis(now.toEpochMilli()));
  }

  /// A loop that is to end as soon as it can.
  private enum Stop implements Stopping {
    AT_ONCE;

    @Override
    public boolean requested() {
      return true;
    }

    @Override
    public boolean await(Duration time) {
      return true;
    }
  }
}
