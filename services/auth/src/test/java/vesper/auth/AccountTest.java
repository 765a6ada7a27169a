package vesper.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static vesper.auth.Refusals.code;
import static vesper.auth.Refusals.info;
import static vesper.auth.Refusals.reason;
import static vesper.auth.Refusals.refused;
import static vesper.auth.Requests.access;
import static vesper.auth.Requests.device;
import static vesper.auth.Requests.newName;
import static vesper.auth.Requests.registering;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import vesper.auth.v1.AccountStatus;
import vesper.auth.v1.GetAccountRequest;
import vesper.auth.v1.LoginRequest;
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
class AccountTest {
  private static final TestClock clock = TestClock.create();
  private static AuthHost host;

  @BeforeAll
  static void start(TestNats nats, TestDatabase database) {
    host = new AuthHost(nats, database, clock);
  }

  @AfterAll
  static void stop() {
    host.close();
  }

  @Test
  void getAccount_isForItsOwnerAndModerators() throws Exception {
    TokenPair ada = host.guest();
    TokenPair bob = host.guest();
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

  @Test
  void setAccess_changesWhatTheNextTokenSays() {
    TokenPair pair = host.guest();

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
    Principal principal =
        host.tokens().verify(host.refresh(pair.getRefreshToken()).getAccessToken());
    assertThat(principal.roles()).isEqualTo(Set.of(Caller.CALLER_MODERATOR, Caller.CALLER_ADMIN));
    assertThat(principal.worlds()).isEqualTo(Set.of("day", "night"));
    assertThat(principal.standing().epoch()).isEqualTo(2);
  }

  @Test
  void setAccess_limitsTheWorldsOfSessions() throws Exception {
    String name = newName();
    LoginRequest toNight = device(name, 1).toBuilder().setWorldId("night").build();
    TokenPair pair = host.login(registering(toNight));
    host.operator(Caller.CALLER_ADMIN)
        .setAccess(access(pair.getAccountId(), 1).toBuilder().addWorlds("day").build());

    assertThat(code(() -> host.login(toNight))).isEqualTo(Status.Code.PERMISSION_DENIED);
    assertThat(reason(() -> host.refresh(pair.getRefreshToken()))).isEqualTo("REVOKED");
    assertThat(host.tokens().verify(host.login(device(name, 1)).getAccessToken()).worlds())
        .containsExactly("day");
  }

  @Test
  void setAccess_onStaleVersion_isAbortedWithTheCurrentOne() throws Exception {
    TokenPair pair = host.guest();
    host.operator(Caller.CALLER_ADMIN).setAccess(access(pair.getAccountId(), 1));

    StatusRuntimeException stale =
        refused(() ->
            host.operator(Caller.CALLER_ADMIN)
                .setAccess(access(pair.getAccountId(), 1, Role.ROLE_DESIGNER)));

    assertThat(stale.getStatus().getCode()).isEqualTo(Status.Code.ABORTED);
    assertThat(info(stale).getMetadataMap()).isEqualTo(Map.of("current_version", "2"));
  }

  @Test
  void setAccess_twice_answersTheSame() throws Exception {
    SetAccessRequest request = access(host.guest().getAccountId(), 1, Role.ROLE_DESIGNER);
    var first = host.operator(Caller.CALLER_ADMIN).setAccess(request);

    assertThat(host.operator(Caller.CALLER_ADMIN).setAccess(request)).isEqualTo(first);
  }

  @Test
  void setAccess_sideBySideOnOneVersion_succeedsOnce() throws Exception {
    TokenPair pair = host.guest();
    AtomicInteger number = new AtomicInteger();

    List<Object> answers =
        AtOnce.run(
            8,
            () -> {
              try {
                return host.operator(Caller.CALLER_ADMIN)
                    .setAccess(
                        access(pair.getAccountId(), 1).toBuilder()
                            .addWorlds("world" + number.incrementAndGet())
                            .build());
              } catch (StatusRuntimeException e) {
                return e.getStatus().getCode();
              }
            });

    Stream<Object> lost = answers.stream().filter(Status.Code.class::isInstance);
    assertThat(lost).hasSize(7).containsOnly(Status.Code.ABORTED);
  }

  @Test
  void setAccess_isForAdmins_onKnownAccounts() throws Exception {
    TokenPair pair = host.guest();
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
}
