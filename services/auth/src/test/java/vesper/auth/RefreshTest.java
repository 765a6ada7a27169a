package vesper.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static vesper.auth.Refusals.code;
import static vesper.auth.Refusals.info;
import static vesper.auth.Refusals.reason;
import static vesper.auth.Refusals.refused;
import static vesper.auth.Requests.device;
import static vesper.auth.Requests.newName;
import static vesper.auth.Requests.registering;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import vesper.auth.v1.LogoutRequest;
import vesper.auth.v1.TokenPair;
import vesper.testing.NatsExtension;
import vesper.testing.PostgresExtension;
import vesper.testing.TestClock;
import vesper.testing.TestDatabase;
import vesper.testing.TestNats;

@ExtendWith({NatsExtension.class, PostgresExtension.class})
class RefreshTest {
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
  @Tag("AUTH-T3")
  void refresh_hundredAtOnce_leavesOneLiveToken() throws Exception {
    TokenPair pair = host.guest();

    List<TokenPair> pairs = AtOnce.run(100, () -> host.refresh(pair.getRefreshToken()));

    List<String> successors = pairs.stream().map(TokenPair::getRefreshToken).distinct().toList();
    assertThat(successors).hasSize(1).doesNotContain(pair.getRefreshToken());
    assertThat(host.refresh(successors.getFirst()).getAccountId()).isEqualTo(pair.getAccountId());
  }

  @Test
  @Tag("AUTH-T3")
  void refresh_againWithinTenSeconds_getsTheSameSuccessor() {
    TokenPair first = host.guest();
    TokenPair second = host.refresh(first.getRefreshToken());
    clock.advance(Duration.ofMillis(9_999));

    assertThat(host.refresh(first.getRefreshToken()).getRefreshToken())
        .isEqualTo(second.getRefreshToken());
    assertThat(host.refresh(second.getRefreshToken()).getRefreshToken())
        .isNotEqualTo(second.getRefreshToken());
  }

  @Test
  @Tag("AUTH-T3")
  void refresh_withAnOlderToken_endsTheSession() throws Exception {
    TokenPair first = host.guest();
    TokenPair second = host.refresh(first.getRefreshToken());
    clock.advance(Duration.ofSeconds(10));

    assertThat(reason(() -> host.refresh(first.getRefreshToken()))).isEqualTo("REUSED");
    assertThat(reason(() -> host.refresh(second.getRefreshToken()))).isEqualTo("REVOKED");
    assertThat(reason(() -> host.refresh(first.getRefreshToken()))).isEqualTo("REVOKED");
  }

  @Test
  void refresh_afterThirtyIdleDays_isExpired() throws Exception {
    TokenPair pair = host.guest();
    clock.advance(Duration.ofDays(30));

    assertThat(reason(() -> host.refresh(pair.getRefreshToken()))).isEqualTo("EXPIRED");
  }

  @Test
  @Tag("AUTH-T1")
  void refresh_withForgedToken_isUnauthenticated() throws Exception {
    String token = host.guest().getRefreshToken();
    char last = token.charAt(token.length() - 1);
    String forged = token.substring(0, token.length() - 1) + (last == 'A' ? 'B' : 'A');

    for (String text : List.of(forged, "rt_", "nonsense")) {
      StatusRuntimeException refusal = refused(() -> host.refresh(text));
      assertThat(refusal.getStatus().getCode()).isEqualTo(Status.Code.UNAUTHENTICATED);
      assertThat(info(refusal).getReason()).isEqualTo("INVALID");
    }
  }

  @Test
  void refresh_ofASessionThatNobodyKnows_isRevoked() {
    var codec = new RefreshTokenCodec(MasterSecret.of(AuthHost.MASTER));
    String token = codec.encode(new RefreshToken(new SessionId(new UUID(7, 7)), 1));

    assertThat(reason(() -> host.refresh(token))).isEqualTo("REVOKED");
  }

  @Test
  void logout_endsTheSessionOfTheTokenAndNoOther() throws Exception {
    String name = newName();
    TokenPair one = host.login(registering(device(name, 1)));
    TokenPair two = host.login(device(name, 1));

    host.stub(one.getAccessToken()).logout(LogoutRequest.getDefaultInstance());
    host.stub(one.getAccessToken()).logout(LogoutRequest.getDefaultInstance());

    assertThat(reason(() -> host.refresh(one.getRefreshToken()))).isEqualTo("REVOKED");
    assertThat(host.refresh(two.getRefreshToken()).getAccountId()).isEqualTo(two.getAccountId());
    assertThat(code(() -> host.stub().logout(LogoutRequest.getDefaultInstance())))
        .isEqualTo(Status.Code.UNAUTHENTICATED);
  }
}
