package vesper.auth;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import vesper.runtime.Stopping;
import vesper.testing.PostgresExtension;
import vesper.testing.TestClock;
import vesper.testing.TestDatabase;

@ExtendWith(PostgresExtension.class)
class UpkeepTest {
  private static final LoginGuard GUARD =
      new LoginGuard(5, Duration.ofMinutes(15), Duration.ofMinutes(15));
  private static final SessionRules RULES =
      new SessionRules(
          Duration.ofDays(30), Duration.ofDays(90), Duration.ofDays(180), Duration.ofSeconds(10));

  private final TestClock clock = TestClock.create();
  private AuthTables tables;

  @BeforeEach
  void open(TestDatabase test) {
    tables = AuthTables.migrated(test);
  }

  @AfterEach
  void close() {
    tables.close();
  }

  /// Lets the loop turn as often as there are steps, and moves the clock by one step in between.
  private record Steps(TestClock clock, List<Duration> left) implements Stopping {
    @Override
    public boolean requested() {
      return left.isEmpty();
    }

    @Override
    public boolean await(Duration time) {
      assertThat(time).isPositive();
      if (!left.isEmpty()) {
        clock.advance(left.removeFirst());
        return false;
      }
      return true;
    }
  }

  @Test
  void run_rotatesKeysAndForgetsWhatIsOver() throws Exception {
    AuthStore store = tables.store();
    Account account =
        Account.register(new AccountId(new UUID(0, 1)), Account.Kind.GUEST, clock.instant());
    Session session =
        Session.open(new SessionId(new UUID(0, 2)), account, "", clock.instant(), RULES);
    store.register(account, new Credential.Device("device-0001", "secret"), "hash", session);
    store.addFailure(new byte[] {1}, clock.instant());
    var keyStore =
        new SigningKeyStore(tables.database(), new KeySeal(MasterSecret.of(AuthHost.MASTER)));
    var keys = new SigningKeys(keyStore, Duration.ofDays(30), clock);
    List<Duration> month =
        new ArrayList<>(List.of(Duration.ofDays(29), Duration.ofDays(1), Duration.ofDays(1)));

    new Upkeep(keys, store, GUARD, clock).run(new Steps(clock, month));

    assertThat(tables.keys(AuthHost.MASTER).keys())
        .extracting(SigningKey::generation)
        .containsExactly(2L);
    assertThat(tables.count("auth.login_guard")).isZero();
    assertThat(store.findSession(session.id()))
        .as("a day after its end it is still known to be expired")
        .isPresent();

    clock.advance(Duration.ofSeconds(1));
    new Upkeep(keys, store, GUARD, clock).run(new Steps(clock, new ArrayList<>()));

    assertThat(store.findSession(session.id())).isEmpty();
    assertThat(store.findAccount(account.id())).isPresent();
  }
}
