package vesper.auth;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.rpc.ErrorInfo;
import com.google.rpc.RetryInfo;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import io.jsonwebtoken.security.Jwks;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import vesper.auth.v1.AccountKind;
import vesper.auth.v1.AccountStatus;
import vesper.auth.v1.DeviceCredential;
import vesper.auth.v1.GetAccountRequest;
import vesper.auth.v1.GetJwksRequest;
import vesper.auth.v1.LoginRequest;
import vesper.auth.v1.LogoutRequest;
import vesper.auth.v1.PasswordCredential;
import vesper.auth.v1.RefreshTokenRequest;
import vesper.auth.v1.Role;
import vesper.auth.v1.SetAccessRequest;
import vesper.auth.v1.TokenPair;
import vesper.options.v1.Caller;
import vesper.runtime.Principal;
import vesper.testing.NatsExtension;
import vesper.testing.PostgresExtension;
import vesper.testing.TestClock;
import vesper.testing.TestDatabase;
import vesper.testing.TestNats;

@ExtendWith({NatsExtension.class, PostgresExtension.class})
class AuthServiceTest {
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

  private static LoginRequest device(String id, int secret) {
    return LoginRequest.newBuilder()
        .setDevice(
            DeviceCredential.newBuilder()
                .setId(id)
                .setSecret(
                    ByteString.copyFrom(
                        HexFormat.of().formatHex(new byte[] {(byte) secret}).repeat(16),
                        java.nio.charset.StandardCharsets.US_ASCII)))
        .build();
  }

  private static LoginRequest password(String email, String password) {
    return LoginRequest.newBuilder()
        .setPassword(PasswordCredential.newBuilder().setEmail(email).setPassword(password))
        .build();
  }

  private static LoginRequest create(LoginRequest request) {
    return request.toBuilder().setCreate(true).build();
  }

  private static String newName() {
    return "device-" + UUID.randomUUID();
  }

  private static String newEmail() {
    return UUID.randomUUID() + "@example.org";
  }

  private static TokenPair login(LoginRequest request) {
    return host.stub().login(request);
  }

  private static TokenPair guest() {
    return login(create(device(newName(), 1)));
  }

  private static TokenPair refresh(String token) {
    return host.stub()
        .refreshToken(RefreshTokenRequest.newBuilder().setRefreshToken(token).build());
  }

  private static StatusRuntimeException refused(Callable<?> call) {
    return catchThrowableOfType(StatusRuntimeException.class, call::call);
  }

  private static Status.Code code(Callable<?> call) {
    return refused(call).getStatus().getCode();
  }

  private static List<Any> details(StatusRuntimeException refusal) {
    return requireNonNull(StatusProto.fromThrowable(refusal)).getDetailsList();
  }

  private static ErrorInfo info(StatusRuntimeException refusal) throws Exception {
    return details(refusal).getFirst().unpack(ErrorInfo.class);
  }

  /// What a caller can tell two refusals apart by, as far as it is not the same for every call.
  private static String looks(StatusRuntimeException refusal) {
    return refusal.getStatus() + " " + StatusProto.fromThrowable(refusal);
  }

  @Test
  void login_ofUnknownDeviceWithCreate_makesAGuest() {
    String name = newName();

    TokenPair first = login(create(device(name, 1)));
    TokenPair second = login(device(name, 1));

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

    TokenPair first = login(create(password(email, "correct horse")));
    TokenPair second = login(password(email.toUpperCase(java.util.Locale.ROOT), "correct horse"));

    assertThat(first.getKind()).isEqualTo(AccountKind.ACCOUNT_KIND_PLAYER);
    assertThat(second.getAccountId()).isEqualTo(first.getAccountId());
  }

  @Test
  @Tag("AUTH-T1")
  void login_withoutProof_isRefusedAndUnknownLooksLikeWrong() throws Exception {
    String name = newName();
    login(create(device(name, 1)));
    StatusRuntimeException wrong = refused(() -> login(device(name, 2)));

    assertThat(wrong.getStatus().getCode()).isEqualTo(Status.Code.UNAUTHENTICATED);
    assertThat(info(wrong).getReason()).isEqualTo("WRONG_CREDENTIAL");
    assertThat(looks(refused(() -> login(device(newName(), 1))))).isEqualTo(looks(wrong));
    assertThat(looks(refused(() -> login(create(device(name, 2)))))).isEqualTo(looks(wrong));
    String email = newEmail();
    login(create(password(email, "correct horse")));
    assertThat(looks(refused(() -> login(password(email, "incorrect horse")))))
        .isEqualTo(looks(wrong));
    assertThat(looks(refused(() -> login(create(password(email, "incorrect horse"))))))
        .isEqualTo(looks(wrong));
    assertThat(looks(refused(() -> login(password(newEmail(), "correct horse")))))
        .isEqualTo(looks(wrong));
  }

  @Test
  @Tag("AUTH-T1")
  void login_withMalformedCredential_isInvalid() {
    LoginRequest shortSecret =
        LoginRequest.newBuilder()
            .setCreate(true)
            .setDevice(
                DeviceCredential.newBuilder()
                    .setId(newName())
                    .setSecret(ByteString.copyFromUtf8("too short")))
            .build();

    assertThat(code(() -> login(LoginRequest.newBuilder().setCreate(true).build())))
        .isEqualTo(Status.Code.INVALID_ARGUMENT);
    assertThat(code(() -> login(shortSecret))).isEqualTo(Status.Code.INVALID_ARGUMENT);
    assertThat(code(() -> login(create(password("no address", "correct horse")))))
        .isEqualTo(Status.Code.INVALID_ARGUMENT);
    assertThat(code(() -> login(create(password(newEmail(), "short")))))
        .isEqualTo(Status.Code.INVALID_ARGUMENT);
  }

  @Test
  void login_fiftyAtOnceWithCreate_makesOneAccount() throws Exception {
    LoginRequest request = create(device(newName(), 1));

    List<TokenPair> pairs = AtOnce.run(50, () -> login(request));

    assertThat(pairs.stream().map(TokenPair::getAccountId).distinct()).hasSize(1);
    assertThat(pairs.stream().filter(TokenPair::getCreated)).hasSize(1);
  }

  @Test
  void login_fiftyAtOnceWithCreateByPassword_makesOneAccountOrAsksToWait() throws Exception {
    String email = newEmail();
    LoginRequest request = create(password(email, "correct horse"));

    List<Object> answers =
        AtOnce.run(
            50,
            () -> {
              try {
                return login(request);
              } catch (StatusRuntimeException e) {
                return e;
              }
            });

    assertThat(tables.count("auth.identity where external_id = '" + email + "'")).isEqualTo(1);
    assertThat(answers).anyMatch(TokenPair.class::isInstance);
    for (Object answer : answers) {
      if (answer instanceof StatusRuntimeException refusal) {
        assertThat(refusal.getStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
        assertThat(details(refusal).getFirst().is(RetryInfo.class)).isTrue();
      }
    }
  }

  @Test
  void login_afterFiveWrongPasswords_isLockedForAQuarterOfAnHour_knownOrNot() throws Exception {
    String email = newEmail();
    String unknown = newEmail();
    login(create(password(email, "correct horse")));
    for (int i = 0; i < 5; i++) {
      assertThat(code(() -> login(password(email, "incorrect horse"))))
          .isEqualTo(Status.Code.UNAUTHENTICATED);
      assertThat(code(() -> login(password(unknown, "incorrect horse"))))
          .isEqualTo(Status.Code.UNAUTHENTICATED);
    }

    StatusRuntimeException locked = refused(() -> login(password(email, "correct horse")));

    assertThat(locked.getStatus().getCode()).isEqualTo(Status.Code.FAILED_PRECONDITION);
    assertThat(info(locked).getReason()).isEqualTo("LOCKED");
    assertThat(looks(refused(() -> login(password(unknown, "correct horse")))))
        .isEqualTo(looks(locked));
    assertThat(looks(refused(() -> login(create(password(unknown, "correct horse"))))))
        .isEqualTo(looks(locked));
    clock.advance(Duration.ofMinutes(15));
    assertThat(login(password(email, "correct horse")).getAccessToken()).isNotEmpty();
  }

  @Test
  void login_withTheRightPassword_forgetsFailures() {
    String email = newEmail();
    login(create(password(email, "correct horse")));
    for (int i = 0; i < 4; i++) {
      refused(() -> login(password(email, "incorrect horse")));
    }
    login(password(email, "correct horse"));
    for (int i = 0; i < 4; i++) {
      assertThat(code(() -> login(password(email, "incorrect horse"))))
          .isEqualTo(Status.Code.UNAUTHENTICATED);
    }

    assertThat(login(password(email, "correct horse")).getAccessToken()).isNotEmpty();
  }

  @Test
  void login_ofBannedAccount_saysSoOnlyToItsOwner() throws Exception {
    String name = newName();
    TokenPair pair = login(create(device(name, 1)));
    tables.execute(
        "update auth.account set status = 'BANNED' where id = '" + pair.getAccountId() + "'");

    StatusRuntimeException banned = refused(() -> login(device(name, 1)));

    assertThat(banned.getStatus().getCode()).isEqualTo(Status.Code.FAILED_PRECONDITION);
    assertThat(info(banned).getReason()).isEqualTo("BANNED");
    assertThat(code(() -> login(device(name, 2)))).isEqualTo(Status.Code.UNAUTHENTICATED);
    assertThat(info(refused(() -> refresh(pair.getRefreshToken()))).getReason())
        .isEqualTo("REVOKED");
    assertThat(
            host.operator(Caller.CALLER_MODERATOR)
                .getAccount(
                    GetAccountRequest.newBuilder().setAccountId(pair.getAccountId()).build())
                .getStatus())
        .isEqualTo(AccountStatus.ACCOUNT_STATUS_BANNED);
  }

  @Test
  void accessToken_isAcceptedByEveryVerifier() {
    LoginRequest request =
        create(password(newEmail(), "correct horse")).toBuilder().setWorldId("night").build();
    TokenPair pair = login(request);

    Principal principal = host.tokens().verify(pair.getAccessToken());

    assertThat(principal.subject()).isEqualTo(pair.getAccountId());
    assertThat(principal.kind()).isEqualTo(Principal.Kind.PLAYER);
    assertThat(principal.roles()).isEmpty();
    assertThat(principal.worlds()).containsExactly("night");
    assertThat(principal.session()).isNotEmpty();
    assertThat(principal.standing()).isEqualTo(new Principal.Standing("UNKNOWN", "free", 1));
  }

  @Test
  @Tag("AUTH-T2")
  void accessToken_tamperedOrOutOfItsTime_isRefused() {
    String token = guest().getAccessToken();
    String[] parts = token.split("\\.");
    String otherBody = guest().getAccessToken().split("\\.")[1];

    assertThat(own(token)).isEqualTo(Status.Code.OK);
    assertThat(own(parts[0] + "." + otherBody + "." + parts[2]))
        .isEqualTo(Status.Code.UNAUTHENTICATED);
    assertThat(own(parts[0] + "." + parts[1] + ".")).isEqualTo(Status.Code.UNAUTHENTICATED);
    assertThat(own("")).isEqualTo(Status.Code.UNAUTHENTICATED);
    clock.advance(Duration.ofMinutes(-2));
    assertThat(own(token)).as("early").isEqualTo(Status.Code.UNAUTHENTICATED);
    clock.advance(Duration.ofMinutes(18));
    assertThat(own(token)).as("expired").isEqualTo(Status.Code.UNAUTHENTICATED);
  }

  private static Status.Code own(String token) {
    try {
      host.stub(token).getAccount(GetAccountRequest.getDefaultInstance());
      return Status.Code.OK;
    } catch (StatusRuntimeException e) {
      return e.getStatus().getCode();
    }
  }

  @Test
  void jwks_publishesPublicKeysOnly() {
    var body = host.stub().getJwks(GetJwksRequest.getDefaultInstance());

    assertThat(body.getContentType()).isEqualTo("application/jwk-set+json");
    assertThat(Jwks.setParser().build().parse(body.getData().toStringUtf8()).getKeys())
        .isNotEmpty()
        .allSatisfy(key -> assertThat(key).doesNotContainKey("d"));
  }

  @Test
  @Tag("AUTH-T3")
  void refresh_hundredAtOnce_leavesOneLiveToken() throws Exception {
    TokenPair pair = guest();

    List<TokenPair> pairs = AtOnce.run(100, () -> refresh(pair.getRefreshToken()));

    List<String> successors = pairs.stream().map(TokenPair::getRefreshToken).distinct().toList();
    assertThat(successors).hasSize(1).doesNotContain(pair.getRefreshToken());
    assertThat(refresh(successors.getFirst()).getAccountId()).isEqualTo(pair.getAccountId());
  }

  @Test
  @Tag("AUTH-T3")
  void refresh_againWithinTenSeconds_getsTheSameSuccessor() {
    TokenPair first = guest();
    TokenPair second = refresh(first.getRefreshToken());
    clock.advance(Duration.ofMillis(9_999));

    assertThat(refresh(first.getRefreshToken()).getRefreshToken())
        .isEqualTo(second.getRefreshToken());
    assertThat(refresh(second.getRefreshToken()).getRefreshToken())
        .isNotEqualTo(second.getRefreshToken());
  }

  @Test
  @Tag("AUTH-T3")
  void refresh_withAnOlderToken_endsTheSession() throws Exception {
    TokenPair first = guest();
    TokenPair second = refresh(first.getRefreshToken());
    clock.advance(Duration.ofSeconds(10));

    assertThat(info(refused(() -> refresh(first.getRefreshToken()))).getReason())
        .isEqualTo("REUSED");
    assertThat(info(refused(() -> refresh(second.getRefreshToken()))).getReason())
        .isEqualTo("REVOKED");
    assertThat(info(refused(() -> refresh(first.getRefreshToken()))).getReason())
        .isEqualTo("REVOKED");
  }

  @Test
  void refresh_afterThirtyIdleDays_isExpired() throws Exception {
    TokenPair pair = guest();
    clock.advance(Duration.ofDays(30));

    assertThat(info(refused(() -> refresh(pair.getRefreshToken()))).getReason())
        .isEqualTo("EXPIRED");
  }

  @Test
  @Tag("AUTH-T1")
  void refresh_withForgedToken_isUnauthenticated() throws Exception {
    String token = guest().getRefreshToken();
    char last = token.charAt(token.length() - 1);
    String forged = token.substring(0, token.length() - 1) + (last == 'A' ? 'B' : 'A');

    for (String text : List.of(forged, "rt_", "nonsense")) {
      StatusRuntimeException refusal = refused(() -> refresh(text));
      assertThat(refusal.getStatus().getCode()).isEqualTo(Status.Code.UNAUTHENTICATED);
      assertThat(info(refusal).getReason()).isEqualTo("INVALID");
    }
  }

  @Test
  void logout_endsTheSessionOfTheTokenAndNoOther() throws Exception {
    String name = newName();
    TokenPair one = login(create(device(name, 1)));
    TokenPair two = login(device(name, 1));

    host.stub(one.getAccessToken()).logout(LogoutRequest.getDefaultInstance());
    host.stub(one.getAccessToken()).logout(LogoutRequest.getDefaultInstance());

    assertThat(info(refused(() -> refresh(one.getRefreshToken()))).getReason())
        .isEqualTo("REVOKED");
    assertThat(refresh(two.getRefreshToken()).getAccountId()).isEqualTo(two.getAccountId());
    assertThat(code(() -> host.stub().logout(LogoutRequest.getDefaultInstance())))
        .isEqualTo(Status.Code.UNAUTHENTICATED);
  }

  @Test
  void getAccount_isForItsOwnerAndModerators() {
    TokenPair ada = guest();
    TokenPair bob = guest();
    var adas = GetAccountRequest.newBuilder().setAccountId(ada.getAccountId()).build();

    var account = host.stub(ada.getAccessToken()).getAccount(adas);

    assertThat(account.getAccountId()).isEqualTo(ada.getAccountId());
    assertThat(account.getStatus()).isEqualTo(AccountStatus.ACCOUNT_STATUS_ACTIVE);
    assertThat(account.getVersion()).isEqualTo(1);
    assertThat(account.getCreatedAt().getSeconds()).isEqualTo(clock.instant().getEpochSecond());
    assertThat(host.stub(ada.getAccessToken()).getAccount(GetAccountRequest.getDefaultInstance()))
        .isEqualTo(account);
    assertThat(host.operator(Caller.CALLER_MODERATOR).getAccount(adas)).isEqualTo(account);
    assertThat(code(() -> host.stub(bob.getAccessToken()).getAccount(adas)))
        .isEqualTo(Status.Code.PERMISSION_DENIED);
    assertThat(
            code(() ->
                host.operator(Caller.CALLER_MODERATOR)
                    .getAccount(
                        GetAccountRequest.newBuilder()
                            .setAccountId(UUID.randomUUID().toString())
                            .build())))
        .isEqualTo(Status.Code.NOT_FOUND);
    assertThat(
            code(() ->
                host.operator(Caller.CALLER_MODERATOR)
                    .getAccount(GetAccountRequest.getDefaultInstance())))
        .as("an operator has no account of its own")
        .isEqualTo(Status.Code.NOT_FOUND);
  }

  private static SetAccessRequest access(String account, long version, Role... roles) {
    return SetAccessRequest.newBuilder()
        .setAccountId(account)
        .addAllRoles(List.of(roles))
        .setVersion(version)
        .build();
  }

  @Test
  void setAccess_changesWhatTheNextTokenSays() {
    TokenPair pair = guest();

    var changed =
        host.operator(Caller.CALLER_ADMIN)
            .setAccess(
                access(pair.getAccountId(), 1, Role.ROLE_ADMIN, Role.ROLE_MODERATOR).toBuilder()
                    .addWorlds("night")
                    .addWorlds("day")
                    .build());

    assertThat(changed.getRolesList()).containsExactly(Role.ROLE_MODERATOR, Role.ROLE_ADMIN);
    assertThat(changed.getWorldsList()).containsExactly("day", "night");
    assertThat(changed.getVersion()).isEqualTo(2);
    Principal principal = host.tokens().verify(refresh(pair.getRefreshToken()).getAccessToken());
    assertThat(principal.roles()).isEqualTo(Set.of(Caller.CALLER_MODERATOR, Caller.CALLER_ADMIN));
    assertThat(principal.worlds()).isEqualTo(Set.of("day", "night"));
    assertThat(principal.standing().epoch()).isEqualTo(2);
  }

  @Test
  void setAccess_limitsTheWorldsOfSessions() throws Exception {
    String name = newName();
    LoginRequest toNight = device(name, 1).toBuilder().setWorldId("night").build();
    TokenPair pair = login(create(toNight));
    host.operator(Caller.CALLER_ADMIN)
        .setAccess(access(pair.getAccountId(), 1).toBuilder().addWorlds("day").build());

    assertThat(code(() -> login(toNight))).isEqualTo(Status.Code.PERMISSION_DENIED);
    assertThat(info(refused(() -> refresh(pair.getRefreshToken()))).getReason())
        .isEqualTo("REVOKED");
    assertThat(host.tokens().verify(login(device(name, 1)).getAccessToken()).worlds())
        .containsExactly("day");
  }

  @Test
  void setAccess_onStaleVersion_isAbortedWithTheCurrentOne() throws Exception {
    TokenPair pair = guest();
    host.operator(Caller.CALLER_ADMIN).setAccess(access(pair.getAccountId(), 1));

    StatusRuntimeException stale =
        refused(() -> host.operator(Caller.CALLER_ADMIN).setAccess(access(pair.getAccountId(), 1)));

    assertThat(stale.getStatus().getCode()).isEqualTo(Status.Code.ABORTED);
    assertThat(info(stale).getMetadataMap()).isEqualTo(Map.of("current_version", "2"));
  }

  @Test
  void setAccess_sideBySideOnOneVersion_succeedsOnce() throws Exception {
    TokenPair pair = guest();
    SetAccessRequest request = access(pair.getAccountId(), 1, Role.ROLE_DESIGNER);

    List<Object> answers =
        AtOnce.run(
            8,
            () -> {
              try {
                return host.operator(Caller.CALLER_ADMIN).setAccess(request);
              } catch (StatusRuntimeException e) {
                return e.getStatus().getCode();
              }
            });

    Stream<Object> lost = answers.stream().filter(Status.Code.class::isInstance);
    assertThat(lost).hasSize(7).containsOnly(Status.Code.ABORTED);
  }

  @Test
  void setAccess_isForAdmins_onKnownAccounts() {
    TokenPair pair = guest();
    SetAccessRequest request = access(pair.getAccountId(), 1, Role.ROLE_ADMIN);

    assertThat(code(() -> host.stub(pair.getAccessToken()).setAccess(request)))
        .isEqualTo(Status.Code.PERMISSION_DENIED);
    assertThat(code(() -> host.operator(Caller.CALLER_OPERATOR).setAccess(request)))
        .isEqualTo(Status.Code.PERMISSION_DENIED);
    assertThat(
            code(() ->
                host.operator(Caller.CALLER_ADMIN)
                    .setAccess(access(UUID.randomUUID().toString(), 1))))
        .isEqualTo(Status.Code.NOT_FOUND);
    assertThat(
            code(() ->
                host.operator(Caller.CALLER_ADMIN)
                    .setAccess(access(pair.getAccountId(), 1, Role.ROLE_UNSPECIFIED))))
        .isEqualTo(Status.Code.INVALID_ARGUMENT);
  }

  @Test
  void accessToken_withEveryRoleAndTheLongestWorlds_isAtMostAKibibyte() {
    TokenPair pair = guest();
    var request =
        access(
            pair.getAccountId(),
            1,
            Role.ROLE_MODERATOR,
            Role.ROLE_DESIGNER,
            Role.ROLE_OPERATOR,
            Role.ROLE_ADMIN,
            Role.ROLE_GAME_SERVER);
    for (char letter = 'a'; letter < 'i'; letter++) {
      request = request.toBuilder().addWorlds(String.valueOf(letter).repeat(32)).build();
    }
    host.operator(Caller.CALLER_ADMIN).setAccess(request);

    String token = refresh(pair.getRefreshToken()).getAccessToken();

    assertThat(token).hasSizeLessThanOrEqualTo(1024);
    assertThat(host.tokens().verify(token).worlds()).hasSize(8);
  }
}
