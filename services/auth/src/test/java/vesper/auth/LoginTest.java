package vesper.auth;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.rpc.RetryInfo;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
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
    String name = Requests.newName();

    TokenPair first = host.login(Requests.create(Requests.device(name, 1)));
    TokenPair second = host.login(Requests.device(name, 1));

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
    String email = Requests.newEmail();

    TokenPair first = host.login(Requests.create(Requests.password(email, "correct horse")));
    TokenPair second =
        host.login(Requests.password(email.toUpperCase(Locale.ROOT), "correct horse"));

    assertThat(first.getKind()).isEqualTo(AccountKind.ACCOUNT_KIND_PLAYER);
    assertThat(second.getAccountId()).isEqualTo(first.getAccountId());
  }

  @Test
  @Tag("AUTH-T1")
  void login_withoutProof_isRefusedAndUnknownLooksLikeWrong() throws Exception {
    String name = Requests.newName();
    host.login(Requests.create(Requests.device(name, 1)));
    StatusRuntimeException wrong = Refusals.refused(() -> host.login(Requests.device(name, 2)));

    assertThat(wrong.getStatus().getCode()).isEqualTo(Status.Code.UNAUTHENTICATED);
    assertThat(Refusals.info(wrong).getReason()).isEqualTo("WRONG_CREDENTIAL");
    assertThat(
            Refusals.looks(
                Refusals.refused(() -> host.login(Requests.device(Requests.newName(), 1)))))
        .isEqualTo(Refusals.looks(wrong));
    assertThat(
            Refusals.looks(
                Refusals.refused(() -> host.login(Requests.create(Requests.device(name, 2))))))
        .isEqualTo(Refusals.looks(wrong));
    String email = Requests.newEmail();
    host.login(Requests.create(Requests.password(email, "correct horse")));
    assertThat(
            Refusals.looks(
                Refusals.refused(() -> host.login(Requests.password(email, "incorrect horse")))))
        .isEqualTo(Refusals.looks(wrong));
    assertThat(
            Refusals.looks(
                Refusals.refused(() ->
                    host.login(Requests.create(Requests.password(email, "incorrect horse"))))))
        .isEqualTo(Refusals.looks(wrong));
    assertThat(
            Refusals.looks(
                Refusals.refused(
                    () -> host.login(Requests.password(Requests.newEmail(), "correct horse")))))
        .isEqualTo(Refusals.looks(wrong));
  }

  @Test
  @Tag("AUTH-T1")
  void login_withMalformedCredential_isInvalid() {
    LoginRequest shortSecret =
        LoginRequest.newBuilder()
            .setCreate(true)
            .setDevice(
                DeviceCredential.newBuilder()
                    .setId(Requests.newName())
                    .setSecret(ByteString.copyFromUtf8("too short")))
            .build();

    assertThat(Refusals.code(() -> host.login(LoginRequest.newBuilder().setCreate(true).build())))
        .isEqualTo(Status.Code.INVALID_ARGUMENT);
    assertThat(Refusals.code(() -> host.login(shortSecret)))
        .isEqualTo(Status.Code.INVALID_ARGUMENT);
    assertThat(
            Refusals.code(() ->
                host.login(Requests.create(Requests.password("no address", "correct horse")))))
        .isEqualTo(Status.Code.INVALID_ARGUMENT);
    assertThat(
            Refusals.code(
                () -> host.login(Requests.create(Requests.password(Requests.newEmail(), "short")))))
        .isEqualTo(Status.Code.INVALID_ARGUMENT);
  }

  @Test
  void login_fiftyAtOnceWithCreate_makesOneAccount() throws Exception {
    LoginRequest request = Requests.create(Requests.device(Requests.newName(), 1));

    List<TokenPair> pairs = AtOnce.run(50, () -> host.login(request));

    assertThat(pairs.stream().map(TokenPair::getAccountId).distinct()).hasSize(1);
    assertThat(pairs.stream().filter(TokenPair::getCreated)).hasSize(1);
  }

  @Test
  void login_fiftyAtOnceWithCreateByPassword_makesOneAccountOrAsksToWait() throws Exception {
    String email = Requests.newEmail();
    LoginRequest request = Requests.create(Requests.password(email, "correct horse"));

    List<Object> answers =
        AtOnce.run(
            50,
            () -> {
              try {
                return host.login(request);
              } catch (StatusRuntimeException e) {
                return e;
              }
            });

    assertThat(tables.count("auth.identity where external_id = '" + email + "'")).isEqualTo(1);
    assertThat(answers).anyMatch(TokenPair.class::isInstance);
    for (Object answer : answers) {
      if (answer instanceof StatusRuntimeException refusal) {
        assertThat(refusal.getStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
        assertThat(Refusals.details(refusal).getFirst().is(RetryInfo.class)).isTrue();
      }
    }
  }

  @Test
  void login_afterFiveWrongPasswords_isLockedForAQuarterOfAnHour_knownOrNot() throws Exception {
    String email = Requests.newEmail();
    String unknown = Requests.newEmail();
    host.login(Requests.create(Requests.password(email, "correct horse")));
    for (int i = 0; i < 5; i++) {
      assertThat(Refusals.code(() -> host.login(Requests.password(email, "incorrect horse"))))
          .isEqualTo(Status.Code.UNAUTHENTICATED);
      assertThat(Refusals.code(() -> host.login(Requests.password(unknown, "incorrect horse"))))
          .isEqualTo(Status.Code.UNAUTHENTICATED);
    }

    StatusRuntimeException locked =
        Refusals.refused(() -> host.login(Requests.password(email, "correct horse")));

    assertThat(locked.getStatus().getCode()).isEqualTo(Status.Code.FAILED_PRECONDITION);
    assertThat(Refusals.info(locked).getReason()).isEqualTo("LOCKED");
    assertThat(
            Refusals.looks(
                Refusals.refused(() -> host.login(Requests.password(unknown, "correct horse")))))
        .isEqualTo(Refusals.looks(locked));
    assertThat(
            Refusals.looks(
                Refusals.refused(() ->
                    host.login(Requests.create(Requests.password(unknown, "correct horse"))))))
        .isEqualTo(Refusals.looks(locked));
    clock.advance(Duration.ofMinutes(15));
    assertThat(host.login(Requests.password(email, "correct horse")).getAccessToken()).isNotEmpty();
  }

  @Test
  void login_withTheRightPassword_forgetsFailures() {
    String email = Requests.newEmail();
    host.login(Requests.create(Requests.password(email, "correct horse")));
    for (int i = 0; i < 4; i++) {
      Refusals.refused(() -> host.login(Requests.password(email, "incorrect horse")));
    }
    host.login(Requests.password(email, "correct horse"));
    for (int i = 0; i < 4; i++) {
      assertThat(Refusals.code(() -> host.login(Requests.password(email, "incorrect horse"))))
          .isEqualTo(Status.Code.UNAUTHENTICATED);
    }

    assertThat(host.login(Requests.password(email, "correct horse")).getAccessToken()).isNotEmpty();
  }

  @Test
  void login_ofBannedAccount_saysSoOnlyToItsOwner() throws Exception {
    String name = Requests.newName();
    TokenPair pair = host.login(Requests.create(Requests.device(name, 1)));
    tables.execute(
        "update auth.account set status = 'BANNED' where id = '" + pair.getAccountId() + "'");

    StatusRuntimeException banned = Refusals.refused(() -> host.login(Requests.device(name, 1)));

    assertThat(banned.getStatus().getCode()).isEqualTo(Status.Code.FAILED_PRECONDITION);
    assertThat(Refusals.info(banned).getReason()).isEqualTo("BANNED");
    assertThat(Refusals.code(() -> host.login(Requests.device(name, 2))))
        .isEqualTo(Status.Code.UNAUTHENTICATED);
    assertThat(Refusals.reason(() -> host.refresh(pair.getRefreshToken()))).isEqualTo("REVOKED");
    assertThat(
            host.operator(Caller.CALLER_MODERATOR)
                .getAccount(
                    GetAccountRequest.newBuilder().setAccountId(pair.getAccountId()).build())
                .getStatus())
        .isEqualTo(AccountStatus.ACCOUNT_STATUS_BANNED);
  }
}
