package vesper.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static vesper.auth.Refusals.code;
import static vesper.auth.Requests.newEmail;
import static vesper.auth.Requests.password;
import static vesper.auth.Requests.registering;

import io.grpc.Status;
import io.jsonwebtoken.JwtBuilder;
import io.jsonwebtoken.Jwts;
import io.jsonwebtoken.security.Jwks;
import io.jsonwebtoken.security.Keys;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import vesper.auth.v1.GetAccountRequest;
import vesper.auth.v1.GetJwksRequest;
import vesper.auth.v1.LoginRequest;
import vesper.auth.v1.TokenPair;
import vesper.runtime.Principal;
import vesper.testing.NatsExtension;
import vesper.testing.PostgresExtension;
import vesper.testing.TestClock;
import vesper.testing.TestDatabase;
import vesper.testing.TestNats;

@ExtendWith({NatsExtension.class, PostgresExtension.class})
class AccessTokenTest {
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
  void accessToken_isAcceptedByEveryVerifier() {
    LoginRequest request =
        registering(password(newEmail(), "correct horse")).toBuilder().setWorldId("night").build();
    TokenPair pair = host.login(request);

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
  void accessToken_tampered_isRefused() throws Exception {
    String token = host.guest().getAccessToken();
    String[] parts = token.split("\\.");
    String otherBody = host.guest().getAccessToken().split("\\.")[1];

    assertThat(own(token)).isEqualTo(Status.Code.OK);
    assertThat(own(parts[0] + "." + otherBody + "." + parts[2]))
        .isEqualTo(Status.Code.UNAUTHENTICATED);
    assertThat(own(parts[0] + "." + parts[1] + ".")).isEqualTo(Status.Code.UNAUTHENTICATED);
    assertThat(own("nonsense")).isEqualTo(Status.Code.UNAUTHENTICATED);
  }

  @Test
  @Tag("AUTH-T2")
  void accessToken_outOfItsTime_isRefused() throws Exception {
    String token = host.guest().getAccessToken();

    clock.advance(Duration.ofSeconds(-31));
    assertThat(own(token)).as("early").isEqualTo(Status.Code.UNAUTHENTICATED);
    clock.advance(Duration.ofSeconds(31));
    assertThat(own(token)).isEqualTo(Status.Code.OK);
    clock.advance(Duration.ofMinutes(15).plusSeconds(31));
    assertThat(own(token)).as("expired").isEqualTo(Status.Code.UNAUTHENTICATED);
  }

  @Test
  @Tag("AUTH-T2")
  void accessToken_signedOtherwise_isRefused() throws Exception {
    String account = host.guest().getAccountId();
    SigningKey key = tables.keys(AuthHost.MASTER).active(clock.instant());
    byte[] open = Base64.getUrlDecoder().decode(key.x());

    assertThat(own(claims(key, account).signWith(key.secret(), Jwts.SIG.EdDSA).compact()))
        .as("the same claims signed as they should be")
        .isEqualTo(Status.Code.OK);
    assertThat(own(unsigned(account).compact())).as("none").isEqualTo(Status.Code.UNAUTHENTICATED);
    assertThat(
            own(claims(key, account).signWith(Keys.hmacShaKeyFor(open), Jwts.SIG.HS256).compact()))
        .as("HS256 with the public key")
        .isEqualTo(Status.Code.UNAUTHENTICATED);
    for (String curve : List.of("Ed25519", "Ed448")) {
      var foreign = KeyPairGenerator.getInstance(curve).generateKeyPair().getPrivate();
      assertThat(own(claims(key, account).signWith(foreign, Jwts.SIG.EdDSA).compact()))
          .as("foreign " + curve)
          .isEqualTo(Status.Code.UNAUTHENTICATED);
    }
  }

  @Test
  @Tag("AUTH-T2")
  void accessToken_forOthersOrFromOthers_isRefused() throws Exception {
    String account = host.guest().getAccountId();
    SigningKey key = tables.keys(AuthHost.MASTER).active(clock.instant());

    for (JwtBuilder token :
        List.of(
            claims(key, account).claim("aud", "others"),
            claims(key, account).issuer("others"),
            claims(key, account).expiration(null))) {
      assertThat(own(token.signWith(key.secret(), Jwts.SIG.EdDSA).compact()))
          .isEqualTo(Status.Code.UNAUTHENTICATED);
    }
  }

  private static JwtBuilder claims(SigningKey key, String account) {
    return unsigned(account).header().keyId(key.kid()).and();
  }

  private static JwtBuilder unsigned(String account) {
    Instant now = clock.instant();
    return Jwts.builder()
        .issuer("vesper")
        .audience()
        .add("vesper")
        .and()
        .subject(account)
        .issuedAt(Date.from(now))
        .notBefore(Date.from(now))
        .expiration(Date.from(now.plusSeconds(60)))
        .claim("knd", "guest");
  }

  private static Status.Code own(String token) throws Exception {
    return code(() -> host.stub(token).getAccount(GetAccountRequest.getDefaultInstance()));
  }

  @Test
  void jwks_publishesPublicKeysOnly() {
    var body = host.stub().getJwks(GetJwksRequest.getDefaultInstance());

    assertThat(body.getContentType()).isEqualTo("application/jwk-set+json");
    assertThat(Jwks.setParser().build().parse(body.getData().toStringUtf8()).getKeys())
        .isNotEmpty()
        .allSatisfy(key -> assertThat(key).doesNotContainKey("d"));
  }
}
