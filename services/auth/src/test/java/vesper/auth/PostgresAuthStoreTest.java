package vesper.auth;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import vesper.auth.v1.AccessChanged;
import vesper.auth.v1.AccountCreated;
import vesper.auth.v1.Role;
import vesper.auth.v1.SessionEndReason;
import vesper.auth.v1.SessionEnded;
import vesper.auth.v1.SessionStarted;
import vesper.runtime.Ids;
import vesper.testing.PostgresExtension;
import vesper.testing.TestClock;
import vesper.testing.TestDatabase;

@ExtendWith(PostgresExtension.class)
class PostgresAuthStoreTest {
  private static final SessionRules RULES =
      new SessionRules(
          Duration.ofDays(30), Duration.ofDays(90), Duration.ofDays(180), Duration.ofSeconds(10));
  private static final SessionId NOBODYS = new SessionId(new UUID(0, 0));

  private final TestClock clock = TestClock.create();
  private final Ids ids = Ids.random(clock);
  private AuthTables tables;
  private AuthStore store;

  @BeforeEach
  void open(TestDatabase test) {
    tables = AuthTables.migrated(test);
    store = tables.store();
  }

  @AfterEach
  void close() {
    tables.close();
  }

  private UUID newId() {
    return UUID.fromString(ids.next());
  }

  private Account newAccount() {
    return Account.register(new AccountId(newId()), Account.Kind.PLAYER, clock.instant());
  }

  private Credential newDevice() {
    return new Credential.Device("device-" + ids.next(), "secret");
  }

  private Session begin(Account account, String world) {
    return Session.open(new SessionId(newId()), account, world, clock.instant(), RULES);
  }

  private Session registered() {
    Account account = newAccount();
    Session session = begin(account, "body-broker");
    assertThat(store.register(account, newDevice(), "hash", session)).isTrue();
    return session;
  }

  private Session find(SessionId id) {
    return store.findSession(id).orElseThrow().session();
  }

  private Session next(Session session) {
    return session.refresh(session.counter(), clock.instant(), RULES)
            instanceof Refresh.Rotated(Session next)
        ? next
        : session;
  }

  @Test
  void register_keepsAccountCredentialAndSession() throws Exception {
    Account account = newAccount();
    Credential device = newDevice();
    Session session = begin(account, "body-broker");

    assertThat(store.findIdentity(device)).isEmpty();
    assertThat(store.register(account, device, "hash", session)).isTrue();

    assertThat(store.findIdentity(device)).contains(new AuthStore.Identified(account, "hash"));
    assertThat(store.findAccount(account.id())).contains(account);
    assertThat(store.findSession(session.id())).contains(new AuthStore.Held(session, account));
    assertThat(tables.events("account_created", AccountCreated.parser()))
        .extracting(AccountCreated::getAccountId)
        .containsOnlyOnce(account.id().toString());
    assertThat(tables.events("session_started", SessionStarted.parser()))
        .containsOnlyOnce(
            SessionStarted.newBuilder()
                .setAccountId(account.id().toString())
                .setSessionId(session.id().toString())
                .setWorldId("body-broker")
                .build());
  }

  @Test
  void register_ofTakenCredential_changesNothing() throws Exception {
    Credential device = newDevice();
    Account first = newAccount();
    store.register(first, device, "hash", begin(first, ""));
    Account second = newAccount();

    assertThat(store.register(second, device, "other", begin(second, ""))).isFalse();

    assertThat(store.findIdentity(device)).contains(new AuthStore.Identified(first, "hash"));
    assertThat(store.findAccount(second.id())).isEmpty();
    assertThat(tables.events("account_created", AccountCreated.parser()))
        .extracting(AccountCreated::getAccountId)
        .doesNotContain(second.id().toString());
  }

  @Test
  void register_ofSameNameUnderAnotherProvider_isAnotherIdentity() {
    Account device = newAccount();
    Account mail = newAccount();
    String name = "ada" + ids.next() + "@example.org";

    assertThat(store.register(device, new Credential.Device(name, "s"), "hash", begin(device, "")))
        .isTrue();
    assertThat(store.register(mail, new Credential.Password(name, "p"), "hash", begin(mail, "")))
        .isTrue();
  }

  @Test
  void register_fiftyAtOnceWithOneCredential_makesOneAccount() throws Exception {
    Credential device = newDevice();

    List<Boolean> results =
        AtOnce.run(
            50,
            () -> {
              Account account = newAccount();
              return store.register(account, device, "hash", begin(account, ""));
            });

    assertThat(results).containsOnlyOnce(true).hasSize(50);
  }

  @Test
  void open_addsASession() {
    Session first = registered();
    Account account = store.findAccount(first.account()).orElseThrow();
    Session second = begin(account, "");

    store.open(second);

    assertThat(find(second.id())).isEqualTo(second);
    assertThat(find(first.id())).isEqualTo(first);
  }

  @Test
  void advance_movesOneStepOnce() {
    Session first = registered();
    clock.advance(Duration.ofHours(1));
    Session second = next(first);

    assertThat(store.advance(second)).isTrue();
    assertThat(store.advance(second)).isFalse();
    assertThat(store.advance(next(next(second)))).isFalse();

    assertThat(find(first.id())).isEqualTo(second);
  }

  @Test
  void advance_hundredAtOnce_oneWins() throws Exception {
    Session second = next(registered());

    assertThat(AtOnce.run(100, () -> store.advance(second))).containsOnlyOnce(true).hasSize(100);
  }

  @Test
  void end_stopsTheSessionOnceAndTellsWhy() throws Exception {
    Session session = registered();

    store.end(session.id(), SessionEnd.REUSE, clock.instant());
    store.end(session.id(), SessionEnd.LOGOUT, clock.instant());
    store.end(NOBODYS, SessionEnd.LOGOUT, clock.instant());

    assertThat(find(session.id()).ended()).isEqualTo(SessionEnd.REUSE);
    assertThat(store.advance(next(session))).isFalse();
    assertThat(
            tables.events("session_ended", SessionEnded.parser()).stream()
                .filter(event -> event.getSessionId().equals(session.id().toString())))
        .containsExactly(
            SessionEnded.newBuilder()
                .setAccountId(session.account().toString())
                .setSessionId(session.id().toString())
                .setReason(SessionEndReason.SESSION_END_REASON_REUSE)
                .build());
  }

  @Test
  void change_needsTheVersionBefore() throws Exception {
    Account account = store.findAccount(registered().account()).orElseThrow();
    Account changed =
        account.withAccess(
            List.of(Account.Role.MODERATOR, Account.Role.ADMIN), List.of("body-broker"));

    assertThat(store.change(changed)).isTrue();
    assertThat(store.change(changed)).isFalse();

    assertThat(store.findAccount(account.id())).contains(changed);
    assertThat(
            tables.events("access_changed", AccessChanged.parser()).stream()
                .filter(event -> event.getAccountId().equals(account.id().toString())))
        .containsExactly(
            AccessChanged.newBuilder()
                .setAccountId(account.id().toString())
                .addRoles(Role.ROLE_MODERATOR)
                .addRoles(Role.ROLE_ADMIN)
                .addWorlds("body-broker")
                .build());
  }

  @Test
  void failures_areCountedPerSubject() {
    byte[] ada = {1};
    byte[] bob = {2};
    Instant first = clock.instant();
    store.addFailure(ada, first);
    store.addFailure(bob, first);
    Instant second = clock.advance(Duration.ofSeconds(1));
    store.addFailure(ada, second);

    assertThat(store.lastFailures(ada, 5)).containsExactly(second, first);
    assertThat(store.lastFailures(ada, 1)).containsExactly(second);

    store.clearFailures(ada);

    assertThat(store.lastFailures(ada, 5)).isEmpty();
    assertThat(store.lastFailures(bob, 5)).containsExactly(first);
  }

  @Test
  void prune_deletesWhatIsOlder() {
    byte[] subject = {3};
    Session old = registered();
    store.addFailure(subject, clock.instant());
    clock.advance(Duration.ofDays(40));
    Session young = registered();
    store.addFailure(subject, clock.instant());

    store.prune(clock.instant(), clock.instant());

    assertThat(store.findSession(old.id())).isEmpty();
    assertThat(store.findSession(young.id())).isPresent();
    assertThat(store.lastFailures(subject, 5)).containsExactly(clock.instant());
  }
}
