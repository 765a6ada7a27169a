package vesper.npc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCallStreamObserver;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import vesper.npc.v1.ConverseEvent;
import vesper.runtime.CallContext;
import vesper.runtime.DatabasePool;
import vesper.runtime.Ids;
import vesper.runtime.Principal;
import vesper.runtime.Secret;
import vesper.testing.PostgresExtension;
import vesper.testing.TestClock;
import vesper.testing.TestDatabase;

/// What is left of an answer that is broken off, and who waits for whom.
@ExtendWith(PostgresExtension.class)
class ConverserTest {

  private static final String MARA = "mara-vey";
  private static final Silence NOBODY = new Silence();
  private static final NpcConfig.Ask ASK =
      new NpcConfig.Ask(Duration.ofMillis(60), Duration.ofMillis(250), Duration.ofSeconds(6));
  private static @Nullable DatabasePool pool;
  private static @Nullable Jdbi database;

  private final TestClock clock = TestClock.create();
  private final Ids ids = Ids.random(clock);
  private final World world = World.of(People.PACK, NOBODY, clock, ASK.world());
  private final Converser converser = converser(Duration.ofSeconds(10), 8);

  @BeforeAll
  static void open(TestDatabase test) {
    var opened = DatabasePool.open(test.jdbcUrl(), test.user(), new Secret(test.password()));
    opened.migrate(List.of("npc"));
    pool = opened;
    database = Jdbi.create(test.dataSource());
  }

  @AfterAll
  static void close() {
    Objects.requireNonNull(pool).close();
  }

  private Converser converser(Duration patience, int atOnce) {
    var config = new NpcConfig(30, Duration.ofMinutes(10), 20, atOnce, patience, 2000, ASK);
    var opened = Objects.requireNonNull(pool);
    return new Converser(
        new Talks(opened.database("npc"), opened.outbox("npc"), clock, ids, config),
        clock,
        ids,
        config,
        new Inquiry(
            new KnowledgeReader(NOBODY, ASK.knowledge()),
            new Memories(
                opened.database("npc"), ids::next, 2000, new Embedder(NOBODY, ASK.world()))),
        new ModelVoice(NOBODY, ASK.model()));
  }

  private void answer(
      Converser by, String player, String words, ServerCallStreamObserver<ConverseEvent> out) {
    var principal = new Principal(player, Principal.Kind.PLAYER, Set.of(), Set.of(), "");
    CallContext.of(principal, "r")
        .call(() -> {
          by.answer(world, People.words(MARA, words), player, out);
          return true;
        });
  }

  private static int count(String table, String player) {
    return Objects.requireNonNull(database)
        .withHandle(handle ->
            handle
                .createQuery("select count(*) from npc." + table + " where player_id = :player")
                .bind("player", player)
                .mapTo(Integer.class)
                .one());
  }

  @Test
  void answer_cancelledBeforeTheCommit_leavesNothing() {
    var out = new Reader(3);

    assertThatThrownBy(() -> answer(converser, "leaver", "My name is Ilse.", out))
        .isInstanceOf(StatusRuntimeException.class)
        .hasMessageContaining("nobody listens");

    assertThat(out.events).noneMatch(ConverseEvent::hasEnded);
    for (var table : List.of("conversation", "turn", "memory", "running_turn")) {
      assertThat(count(table, "leaver")).as(table).isZero();
    }
  }

  @Test
  void answer_isCommittedBeforeItsEnd() {
    List<Integer> turns = new ArrayList<>();
    var out =
        new Reader(Integer.MAX_VALUE) {
          @Override
          public void onNext(ConverseEvent event) {
            super.onNext(event);
            turns.add(count("turn", "stayer"));
          }
        };

    answer(converser, "stayer", "My name is Ilse.", out);

    assertThat(out.completed).isTrue();
    assertThat(turns).hasSizeGreaterThan(2);
    assertThat(turns.getLast()).isOne();
    assertThat(turns.subList(0, turns.size() - 1)).containsOnly(0);
  }

  @Test
  void answer_toASecondOfTheSamePair_isBusyUntilTheFirstIsRead() {
    var narrow = converser(Duration.ofMillis(100), 1);
    var out =
        new Reader(Integer.MAX_VALUE) {
          @Override
          public void onNext(ConverseEvent event) {
            if (event.hasStarted()) {
              assertThatThrownBy(() -> answer(narrow, "twice", "Hello.", new Reader(99)))
                  .hasMessageContaining("still being answered");
              // Another player is not kept waiting by one who reads slowly.
              answer(narrow, "other", "Hello.", new Reader(99));
            }
            super.onNext(event);
          }
        };

    answer(narrow, "twice", "Hello.", out);

    assertThat(out.events.getLast().hasEnded()).isTrue();
    assertThat(count("turn", "twice")).isOne();
    assertThat(count("turn", "other")).isOne();
  }

  @Test
  void answer_withoutTime_comesAndKeepsTheOrderOfMemories() {
    for (var words : List.of("My name is Ilse.", "Call me Maren.", "What is my name?")) {
      clock.advance(Duration.ofSeconds(5));
      var out = new Reader(Integer.MAX_VALUE);
      answer(converser, "timeless", words, out);
      if (words.startsWith("What")) {
        assertThat(People.text(out.events)).contains("Maren");
      }
      assertThat(out.events.getLast().getEnded().getGameSeconds()).isEqualTo(25_200);
    }
  }

  /// Reads an answer and leaves after a number of items.
  private static class Reader extends ServerCallStreamObserver<ConverseEvent> {
    final List<ConverseEvent> events = new ArrayList<>();
    boolean completed;
    private final int patience;

    Reader(int patience) {
      this.patience = patience;
    }

    @Override
    public void onNext(ConverseEvent event) {
      events.add(event);
    }

    @Override
    public boolean isCancelled() {
      return events.size() >= patience;
    }

    @Override
    public void onCompleted() {
      completed = true;
    }

    @Override
    public void onError(Throwable thrown) {}

    @Override
    public void setOnCancelHandler(Runnable handler) {}

    @Override
    public void setCompression(String compression) {}

    @Override
    public boolean isReady() {
      return true;
    }

    @Override
    public void setOnReadyHandler(Runnable handler) {}

    @Override
    public void request(int count) {}

    @Override
    public void setMessageCompression(boolean enable) {}

    @Override
    public void disableAutoInboundFlowControl() {}
  }
}
