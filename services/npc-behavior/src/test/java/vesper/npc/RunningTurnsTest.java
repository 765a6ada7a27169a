package vesper.npc;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import vesper.npc.Conversation.Pair;
import vesper.runtime.Database;
import vesper.runtime.DatabasePool;
import vesper.runtime.Secret;
import vesper.runtime.Stopping;
import vesper.testing.PostgresExtension;
import vesper.testing.TestClock;
import vesper.testing.TestDatabase;

/// Who may answer a player while another process does, or did until it died.
@ExtendWith(PostgresExtension.class)
class RunningTurnsTest {
  private static final Pair PAIR = new Pair("body-broker", "mara-vey", "ilse");

  private final TestClock clock = TestClock.create();
  private final String holder = UUID.randomUUID().toString();
  private final DatabasePool pool;
  private final Database database;
  private final RunningTurns turns;

  RunningTurnsTest(TestDatabase test) {
    pool = DatabasePool.open(test.jdbcUrl(), test.user(), new Secret(test.password()));
    pool.migrate(List.of("npc"));
    database = pool.database("npc");
    turns = new RunningTurns(database, clock);
  }

  @BeforeEach
  void claimFirst() {
    database.run("clear", handle -> handle.execute("delete from npc.running_turn"));
    assertThat(claim(holder)).isTrue();
  }

  @AfterEach
  void close() {
    pool.close();
  }

  @Test
  void run_aTurnThatGoesOn_keepsOthersAway() throws Exception {
    turns.begun(holder);
    turns.run(looks(3));
    assertThat(claim(UUID.randomUUID().toString())).isFalse();
  }

  @Test
  void run_aTurnWhoseProcessDied_isFreeSoon() {
    clock.advance(Duration.ofSeconds(5));
    assertThat(claim(UUID.randomUUID().toString())).isTrue();
  }

  @Test
  void run_aClaimThatWasTakenOver_isNotRenewed() throws Exception {
    clock.advance(Duration.ofSeconds(5));
    String other = UUID.randomUUID().toString();
    assertThat(claim(other)).isTrue();
    turns.begun(holder);
    turns.run(looks(3));
    assertThat(claim(UUID.randomUUID().toString())).isTrue();
    assertThat(database.<Boolean>write("own", h -> TalkTable.release(h, PAIR, holder))).isFalse();
  }

  private boolean claim(String by) {
    Instant now = clock.instant();
    return database.write(
        "claim",
        handle ->
            TalkTable.claim(
                handle, PAIR, new Claim(by, Optional.empty(), "hash"), now, RunningTurns.end(now)));
  }

  /// So many turns of the loop, three seconds each; then the turn has ended.
  private Stopping looks(int count) {
    Iterator<Integer> left = IntStream.range(0, count).iterator();
    return new Stopping() {
      @Override
      public boolean requested() {
        return !left.hasNext();
      }

      @Override
      public boolean await(Duration time) {
        if (!left.hasNext()) {
          turns.ended(holder);
          return true;
        }
        left.next();
        clock.advance(Duration.ofSeconds(3));
        return false;
      }
    };
  }
}
