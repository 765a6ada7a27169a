package vesper.npc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import vesper.npc.Conversation.Pair;
import vesper.runtime.Database;
import vesper.runtime.DatabasePool;
import vesper.runtime.Secret;
import vesper.testing.PostgresExtension;
import vesper.testing.TestDatabase;

/// Who may answer a player while another process does, or did until it died.
@ExtendWith(PostgresExtension.class)
class RunningTurnsTest {
  private static final Pair PAIR = new Pair("body-broker", "mara-vey", "ilse");

  private final String holder = UUID.randomUUID().toString();
  private final DatabasePool pool;
  private final Database database;
  private final RunningTurns turns;

  RunningTurnsTest(TestDatabase test) {
    pool = DatabasePool.open(test.jdbcUrl(), test.user(), new Secret(test.password()));
    pool.migrate(List.of("npc"));
    database = pool.database("npc");
    turns = new RunningTurns(database);
  }

  @BeforeEach
  void claimFirst() {
    database.run("clear", handle -> handle.execute("delete from npc.running_turn"));
    assertThat(claim(holder)).isTrue();
  }

  @AfterEach
  void close() {
    turns.ended(holder);
    pool.close();
  }

  @Test
  void renew_aTurnThatGoesOn_keepsOthersAway() {
    turns.begun(holder);
    for (int look = 0; look < 3; look++) {
      pass(Duration.ofSeconds(3));
      turns.renew();
    }
    assertThat(claim(UUID.randomUUID().toString())).isFalse();
  }

  @Test
  void begun_isRenewedUntilItEnds() {
    OffsetDateTime first = end();
    turns.begun(holder);
    await().atMost(Duration.ofSeconds(60)).until(() -> end().isAfter(first));
    OffsetDateTime second = end();
    await().atMost(Duration.ofSeconds(60)).until(() -> end().isAfter(second));
  }

  @Test
  void claim_ofAProcessThatDied_isFreeSoon() {
    pass(Duration.ofSeconds(5));
    assertThat(claim(UUID.randomUUID().toString())).isTrue();
  }

  @Test
  void renew_aClaimThatWasTakenOver_leavesIt() {
    pass(Duration.ofSeconds(5));
    String other = UUID.randomUUID().toString();
    assertThat(claim(other)).isTrue();
    turns.begun(holder);
    OffsetDateTime end = end();
    turns.renew();
    assertThat(end()).isEqualTo(end);
    assertThat(database.<Boolean>write("own", h -> TalkTable.release(h, PAIR, holder))).isFalse();
  }

  private boolean claim(String by) {
    return database.write(
        "claim",
        handle ->
            TalkTable.claim(
                handle, PAIR, new Claim(by, Optional.empty(), "hash"), RunningTurns.CLAIM));
  }

  private OffsetDateTime end() {
    return database.read(
        "end",
        handle ->
            handle
                .createQuery("select expires_at from npc.running_turn")
                .mapTo(OffsetDateTime.class)
                .one());
  }

  /// Makes the claim older.
  private void pass(Duration time) {
    database.run(
        "pass",
        handle ->
            handle
                .createUpdate(
                    "update npc.running_turn set expires_at = expires_at - :s * interval '1 s'")
                .bind("s", time.toSeconds())
                .execute());
  }
}
