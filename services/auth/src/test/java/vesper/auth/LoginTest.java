package vesper.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static vesper.auth.Refusals.code;
import static vesper.auth.Refusals.details;
import static vesper.auth.Refusals.info;
import static vesper.auth.Refusals.looks;
import static vesper.auth.Refusals.reason;
import static vesper.auth.Refusals.refused;
import static vesper.auth.Requests.device;
import static vesper.auth.Requests.newEmail;
import static vesper.auth.Requests.newName;
import static vesper.auth.Requests.password;
import static vesper.auth.Requests.registering;

import com.google.protobuf.ByteString;
import com.google.rpc.RetryInfo;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import vesper.auth.v1.AccountKind;
import vesper.auth.v1.AccountStatus;
import vesper.auth.v1.DeviceCredential;
import vesper.auth.v1.GetAccountRequest;
import vesper.auth.v1.LoginRequest;
import vesper.auth.v1.TokenPair;
import vesper.options.v1.Caller;
import vesper.testing.NatsExtension;
import vesper.testing.PostgresExtension;
import vesper.testing.TestClock;
import vesper.testing.TestDatabase;
import vesper.testing.TestNats;

@ExtendWith({NatsExtension.class, PostgresExtension.class})
class LoginTest {
  private static final TestClock clock = TestClock.create();
  private static AuthHost host;
  private static AuthTables tables;

  @BeforeAll
  static void start(TestNats nats, TestDatabase database) {
    host = new AuthHost(nats, database, clock);
    tables = AuthTables.migrated(database);
  }

  @AfterAll
  static void stop() {
    tables.close();
    host.close();
  }

  @Test
  void login_ofUnknownDeviceWithCreate_makesAGuest() {
    String name = newName();

    TokenPair first = host.login(registering(device(name, 1)));
    TokenPair second = host.login(device(name, 1));

    assertThat(first.getKind()).isEqualTo(AccountKind.ACCOUNT_KIND_GUEST);
    assertThat(first.getCreated()).isTrue();
    assertThat(second.getAccountId()).isEqualTo(first.getAccountId());
    assertThat(second.getCreated()).isFalse();
    assertThat(second.getRefreshToken()).isNotEqualTo(first.getRefreshToken());
    assertThat(first.getExpiresAt().getSeconds())
        .isEqualTo(clock.instant().plus(Duration.ofMinutes(15)).getEpochSecond());
  }

  @Test
  void login_ofUnknownEmailWithCreate_makesAPlayer() {
    String email = newEmail();

    TokenPair first = host.login(registering(password(email, "correct horse")));
    TokenPair second = host.login(password(email.toUpperCase(Locale.ROOT), "correct horse"));

    assertThat(first.getKind()).isEqualTo(AccountKind.ACCOUNT_KIND_PLAYER);
    assertThat(second.getAccountId()).isEqualTo(first.getAccountId());
  }

  @Test
  @Tag("AUTH-T1")
  void login_withoutProof_isRefusedAndUnknownLooksLikeWrong() throws Exception {
    String name = newName();
    host.login(registering(device(name, 1)));
    StatusRuntimeException wrong = refused(() -> host.login(device(name, 2)));

    assertThat(wrong.getStatus().getCode()).isEqualTo(Status.Code.UNAUTHENTICATED);
    assertThat(info(wrong).getReason()).isEqualTo("WRONG_CREDENTIAL");
    assertThat(looks(refused(() -> host.login(device(newName(), 1))))).isEqualTo(looks(wrong));
    assertThat(looks(refused(() -> host.login(registering(device(name, 2))))))
        .isEqualTo(looks(wrong));
    String email = newEmail();
    host.login(registering(password(email, "correct horse")));
    assertThat(looks(refused(() -> host.login(password(email, "incorrect horse")))))
        .isEqualTo(looks(wrong));
    assertThat(looks(refused(() -> host.login(registering(password(email, "incorrect horse"))))))
        .isEqualTo(looks(wrong));
    assertThat(looks(refused(() -> host.login(password(newEmail(), "correct horse")))))
        .isEqualTo(looks(wrong));
  }

  @Test
  @Tag("AUTH-T1")
  void login_withMalformedCredential_isInvalid() throws Exception {
    LoginRequest shortSecret =
        LoginRequest.newBuilder()
            .setCreate(true)
            .setDevice(
                DeviceCredential.newBuilder()
                    .setId(newName())
                    .setSecret(ByteString.copyFromUtf8("too short")))
            .build();

    assertThat(code(() -> host.login(LoginRequest.newBuilder().setCreate(true).build())))
        .isEqualTo(Status.Code.INVALID_ARGUMENT);
    assertThat(code(() -> host.login(shortSecret))).isEqualTo(Status.Code.INVALID_ARGUMENT);
    assertThat(code(() -> host.login(registering(password("no address", "correct horse")))))
        .isEqualTo(Status.Code.INVALID_ARGUMENT);
    assertThat(code(() -> host.login(registering(password(newEmail(), "short")))))
        .isEqualTo(Status.Code.INVALID_ARGUMENT);
  }

  @Test
  void login_fiftyAtOnceWithCreate_makesOneAccount() throws Exception {
    LoginRequest request = registering(device(newName(), 1));

    List<TokenPair> pairs = AtOnce.run(50, () -> host.login(request));

    assertThat(pairs.stream().map(TokenPair::getAccountId).distinct()).hasSize(1);
    assertThat(pairs.stream().filter(TokenPair::getCreated)).hasSize(1);
  }

  @Test
  void login_fiftyAtOnceWithCreateByPassword_makesOneAccountOrAsksToWait() throws Exception {
    String email = newEmail();
    LoginRequest request = registering(password(email, "correct horse"));

    List<Status.Code> answers = AtOnce.run(50, () -> code(() -> host.login(request)));

    assertThat(tables.count("auth.identity where external_id = '" + email + "'")).isEqualTo(1);
    // Some may find no connection to the database free for as long as they wait.
    assertThat(answers)
        .contains(Status.Code.OK)
        .isSubsetOf(Status.Code.OK, Status.Code.RESOURCE_EXHAUSTED, Status.Code.UNAVAILABLE);
  }

  @Test
  void login_whileFourPasswordsAreChecked_asksToComeBack() throws Exception {
    LoginRequest request = password(newEmail(), "correct horse");
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Status.Code>> checked = new ArrayList<>();
      try (Connection _ = tables.lock("auth.identity")) {
        for (int i = 0; i < 4; i++) {
          checked.add(threads.submit(() -> code(() -> host.login(request))));
        }
        await().until(() -> tables.count("pg_locks where not granted") == 4);

        StatusRuntimeException busy = refused(() -> host.login(request));

        assertThat(busy.getStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
        assertThat(details(busy).getFirst().unpack(RetryInfo.class).getRetryDelay().getSeconds())
            .isEqualTo(1);
      }
      for (Future<Status.Code> each : checked) {
        assertThat(each.get()).isEqualTo(Status.Code.UNAUTHENTICATED);
      }
    }
    assertThat(code(() -> host.login(request)))
        .as("the places are free again")
        .isEqualTo(Status.Code.UNAUTHENTICATED);
  }

  @Test
  void login_afterFiveWrongPasswords_isLockedForAQuarterOfAnHour_knownOrNot() throws Exception {
    String email = newEmail();
    String unknown = newEmail();
    host.login(registering(password(email, "correct horse")));
    for (int i = 0; i < 5; i++) {
      assertThat(code(() -> host.login(password(email, "incorrect horse"))))
          .isEqualTo(Status.Code.UNAUTHENTICATED);
      assertThat(code(() -> host.login(password(unknown, "incorrect horse"))))
          .isEqualTo(Status.Code.UNAUTHENTICATED);
    }

    StatusRuntimeException locked = refused(() -> host.login(password(email, "correct horse")));

    assertThat(locked.getStatus().getCode()).isEqualTo(Status.Code.FAILED_PRECONDITION);
    assertThat(info(locked).getReason()).isEqualTo("LOCKED");
    assertThat(looks(refused(() -> host.login(password(unknown, "correct horse")))))
        .isEqualTo(looks(locked));
    assertThat(looks(refused(() -> host.login(registering(password(unknown, "correct horse"))))))
        .isEqualTo(looks(locked));
    clock.advance(Duration.ofMinutes(15));
    assertThat(host.login(password(email, "correct horse")).getAccessToken()).isNotEmpty();
  }

  @Test
  void login_withTheRightPasswordFoundAmongGuessesMadeSideBySide_isLocked() throws Exception {
    String email = newEmail();
    host.login(registering(password(email, "correct horse")));
    byte[] subject =
        new Secrets(MasterSecret.of(AuthHost.MASTER), new Argon2(64, 1, 1))
            .subject(new Credential.Password(email, "correct horse"));
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<String> guess;
      try (Connection _ = tables.lock("auth.identity")) {
        guess = threads.submit(() -> reason(() -> host.login(password(email, "correct horse"))));
        await().until(() -> tables.count("pg_locks where not granted") == 1);
        for (int i = 0; i < 5; i++) {
          tables.store().addFailure(subject, clock.instant());
        }
      }
      assertThat(guess.get()).isEqualTo("LOCKED");
    }
  }

  @Test
  void login_withTheRightPassword_forgetsFailures() throws Exception {
    String email = newEmail();
    host.login(registering(password(email, "correct horse")));
    for (int i = 0; i < 4; i++) {
      refused(() -> host.login(password(email, "incorrect horse")));
    }
    host.login(password(email, "correct horse"));
    for (int i = 0; i < 4; i++) {
      assertThat(code(() -> host.login(password(email, "incorrect horse"))))
          .isEqualTo(Status.Code.UNAUTHENTICATED);
    }

    assertThat(host.login(password(email, "correct horse")).getAccessToken()).isNotEmpty();
  }

  @Test
  void login_ofBannedAccount_saysSoOnlyToItsOwner() throws Exception {
    String name = newName();
    TokenPair pair = host.login(registering(device(name, 1)));
    tables.execute(
        "update auth.account set status = 'BANNED' where id = '" + pair.getAccountId() + "'");

    StatusRuntimeException banned = refused(() -> host.login(device(name, 1)));

    assertThat(banned.getStatus().getCode()).isEqualTo(Status.Code.FAILED_PRECONDITION);
    assertThat(info(banned).getReason()).isEqualTo("BANNED");
    assertThat(code(() -> host.login(device(name, 2)))).isEqualTo(Status.Code.UNAUTHENTICATED);
    assertThat(reason(() -> host.refresh(pair.getRefreshToken()))).isEqualTo("REVOKED");
    assertThat(
            host.operator(Caller.CALLER_MODERATOR)
                .getAccount(
                    GetAccountRequest.newBuilder().setAccountId(pair.getAccountId()).build())
                .getStatus())
        .isEqualTo(AccountStatus.ACCOUNT_STATUS_BANNED);
  }
}
