package vesper.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.rpc.ErrorInfo;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import io.jsonwebtoken.JwtBuilder;
import io.jsonwebtoken.Jwts;
import io.jsonwebtoken.security.Jwks;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.time.Duration;
import java.util.Base64;
import java.util.Date;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import vesper.options.v1.Caller;
import vesper.testing.TestClock;

class TokenVerifierTest {
  private static final Duration TTL = Duration.ofMinutes(15);
  private static final Principal PLAYER =
      new Principal(
          "0190-player",
          Principal.Kind.PLAYER,
          Set.of(Caller.CALLER_MODERATOR, Caller.CALLER_GAME_SERVER),
          Set.of("harbor"),
          "session-7",
          new Principal.Standing("ADULT", "premium", 4));

  private final TestClock clock = TestClock.create();
  private final InstallationKeys installation = InstallationKeys.ephemeral();
  private final KeyPair pair = pair("Ed25519");
  private final AtomicInteger fetches = new AtomicInteger();
  private volatile String jwks = jwks("k1", pair.getPublic());
  private final TokenVerifier verifier =
      new TokenVerifier(
          installation,
          new KeySet(
              () -> {
                fetches.incrementAndGet();
                if (jwks.isEmpty()) {
                  throw Status.UNAVAILABLE.asRuntimeException();
                }
                return jwks;
              },
              clock),
          "vesper",
          clock,
          new SimpleMeterRegistry());

  @Test
  void verify_tokenOfAuth_returnsItsPrincipal() {
    String token = signer("k1", pair.getPrivate(), "vesper").sign(PLAYER, TTL);

    assertThat(token.length()).isLessThanOrEqualTo(1024);
    assertThat(verifier.verify(token)).isEqualTo(PLAYER);
    assertThat(verifier.verify(token)).isEqualTo(PLAYER);
    assertThat(fetches).hasValue(1);
  }

  @Test
  void verify_tokenOfTheInstallation_needsNoFetch() {
    assertThat(verifier.verify(installation.token(Principal.service("time-manager"), TTL, clock)))
        .isEqualTo(Principal.service("time-manager"));
    assertThat(fetches).hasValue(0);
  }

  @Test
  void verify_expired_isRefusedAlsoFromMemory() {
    String token = signer("k1", pair.getPrivate(), "vesper").sign(PLAYER, TTL);
    verifier.verify(token);

    clock.advance(TTL.plusSeconds(29));
    assertThat(verifier.verify(token)).isEqualTo(PLAYER);
    clock.advance(Duration.ofSeconds(2));
    assertThat(refusal(token)).isEqualTo("EXPIRED");
  }

  @Test
  void verify_early_isRefused() {
    String token = signer("k1", pair.getPrivate(), "vesper").sign(PLAYER, TTL);
    clock.advance(Duration.ofSeconds(-31));

    assertThat(refusal(token)).isEqualTo("INVALID");
  }

  @Test
  void verify_otherIssuer_isRefused() {
    assertThat(refusal(signer("k1", pair.getPrivate(), "other").sign(PLAYER, TTL)))
        .isEqualTo("INVALID");
    assertThat(refusal(signer("k1", pair.getPrivate(), InstallationKeys.ISSUER).sign(PLAYER, TTL)))
        .isEqualTo("INVALID");
  }

  @ParameterizedTest
  @ValueSource(strings = {"aud", "exp", "nbf", "sub", "knd", "rol", "wld"})
  void verify_claimMissingOrWrong_isRefused(String claim) {
    JwtBuilder builder = Jwts.builder().header().keyId("k1").and().issuer("vesper").claim("x", 1);
    builder.audience().add(claim.equals("aud") ? "other" : "vesper").and();
    builder.subject(claim.equals("sub") ? "" : "p");
    builder.claim("knd", claim.equals("knd") ? "emperor" : "player");
    if (!claim.equals("exp")) {
      builder.expiration(Date.from(clock.instant().plus(TTL)));
    }
    if (!claim.equals("nbf")) {
      builder.notBefore(Date.from(clock.instant()));
    }
    builder.claim("rol", claim.equals("rol") ? Set.of("service") : Set.of());
    builder.claim("wld", claim.equals("wld") ? "harbor" : Set.of("harbor"));

    assertThat(refusal(builder.signWith(pair.getPrivate(), Jwts.SIG.EdDSA).compact()))
        .isEqualTo("INVALID");
  }

  @Test
  void verify_algorithmNone_isRefused() {
    String token = signer("k1", pair.getPrivate(), "vesper").sign(PLAYER, TTL);
    String payload = token.split("\\.", -1)[1];

    assertThat(refusal(encode("{\"alg\":\"none\"}") + "." + payload + ".")).isEqualTo("INVALID");
    assertThat(refusal(encode("{\"alg\":\"none\",\"kid\":\"k1\"}") + "." + payload + "."))
        .isEqualTo("INVALID");
  }

  @Test
  void verify_hmacWithThePublicKey_isRefused() throws Exception {
    String token = signer("k1", pair.getPrivate(), "vesper").sign(PLAYER, TTL);
    String signed = encode("{\"alg\":\"HS256\",\"kid\":\"k1\"}") + "." + token.split("\\.", -1)[1];
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(pair.getPublic().getEncoded(), "HmacSHA256"));
    byte[] signature = mac.doFinal(signed.getBytes(StandardCharsets.US_ASCII));

    assertThat(
            refusal(
                signed + "." + Base64.getUrlEncoder().withoutPadding().encodeToString(signature)))
        .isEqualTo("INVALID");
  }

  @Test
  void verify_ed448_isRefusedEvenWhenAuthPublishesTheKey() {
    KeyPair other = pair("Ed448");
    jwks = jwks("k448", other.getPublic(), "k1", pair.getPublic());

    assertThat(refusal(signer("k448", other.getPrivate(), "vesper").sign(PLAYER, TTL)))
        .isEqualTo("INVALID");
  }

  @Test
  void verify_keyOfAnotherUnderOurName_isRefused() {
    PrivateKey stranger = pair("Ed25519").getPrivate();

    assertThat(refusal(signer("k1", stranger, "vesper").sign(PLAYER, TTL))).isEqualTo("INVALID");
    assertThat(
            refusal(
                signer(installation.kid(), stranger, InstallationKeys.ISSUER).sign(PLAYER, TTL)))
        .isEqualTo("INVALID");
    assertThat(refusal(signer("local-00", stranger, InstallationKeys.ISSUER).sign(PLAYER, TTL)))
        .isEqualTo("INVALID");
  }

  @Test
  void verify_everyCharacterTampered_isRefused() {
    String token = signer("k1", pair.getPrivate(), "vesper").sign(PLAYER, TTL);
    verifier.verify(token);
    for (int i = 0; i < token.length() - 1; i += 7) {
      char c = token.charAt(i);
      if (c != '.') {
        String tampered = token.substring(0, i) + (c == 'A' ? 'B' : 'A') + token.substring(i + 1);
        assertThat(refusal(tampered)).isEqualTo("INVALID");
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ".", "..", "a.b.c", "é.é.é", "eyJhbGciOiJFZERTQSJ9.e30.AA"})
  void verify_notAToken_isRefused(String text) {
    assertThat(refusal(text)).isEqualTo("INVALID");
  }

  @Test
  void verify_longerThanAKibibyte_isRefused() {
    assertThat(refusal("a".repeat(1025))).isEqualTo("INVALID");
  }

  @Test
  void verify_unknownKey_fetchesOnceIn30Seconds() {
    KeyPair next = pair("Ed25519");
    String token = signer("k2", next.getPrivate(), "vesper").sign(PLAYER, TTL);
    assertThat(refusal(token)).isEqualTo("INVALID");
    assertThat(refusal(token)).isEqualTo("INVALID");
    assertThat(fetches).hasValue(1);

    jwks = jwks("k1", pair.getPublic(), "k2", next.getPublic());
    clock.advance(Duration.ofSeconds(30));

    assertThat(verifier.verify(token)).isEqualTo(PLAYER);
    assertThat(fetches).hasValue(2);
  }

  @Test
  void verify_authAway_isUnavailableAndTriedAgainAfterASecond() {
    String reachable = jwks;
    jwks = "";
    String token = signer("k1", pair.getPrivate(), "vesper").sign(PLAYER, TTL);

    StatusRuntimeException away =
        catchThrowableOfType(StatusRuntimeException.class, () -> verifier.verify(token));
    assertThat(away.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);

    jwks = reachable;
    clock.advance(Duration.ofSeconds(1));
    assertThat(verifier.verify(token)).isEqualTo(PLAYER);
  }

  private String refusal(String token) {
    StatusRuntimeException refused =
        catchThrowableOfType(StatusRuntimeException.class, () -> verifier.verify(token));
    assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.UNAUTHENTICATED);
    try {
      return Objects.requireNonNull(StatusProto.fromThrowable(refused))
          .getDetails(0)
          .unpack(ErrorInfo.class)
          .getReason();
    } catch (com.google.protobuf.InvalidProtocolBufferException e) {
      throw new AssertionError(e);
    }
  }

  private TokenSigner signer(String kid, PrivateKey key, String issuer) {
    return new TokenSigner(kid, key, issuer, clock);
  }

  private static String encode(String text) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  private static KeyPair pair(String curve) {
    try {
      return KeyPairGenerator.getInstance(curve).generateKeyPair();
    } catch (java.security.NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  private static String jwks(Object... kidsAndKeys) {
    StringBuilder keys = new StringBuilder();
    for (int i = 0; i < kidsAndKeys.length; i += 2) {
      PublicKey key = (PublicKey) kidsAndKeys[i + 1];
      byte[] encoded = key.getEncoded();
      int length = key.getAlgorithm().contains("Ed448") || encoded.length > 60 ? 57 : 32;
      byte[] x = java.util.Arrays.copyOfRange(encoded, encoded.length - length, encoded.length);
      keys.append(keys.isEmpty() ? "" : ",")
          .append(
              "{\"kty\":\"OKP\",\"crv\":\"%s\",\"kid\":\"%s\",\"x\":\"%s\"}"
                  .formatted(
                      length == 57 ? "Ed448" : "Ed25519",
                      kidsAndKeys[i],
                      Base64.getUrlEncoder().withoutPadding().encodeToString(x)));
    }
    String set = "{\"keys\":[" + keys + "]}";
    assertThat(Jwks.setParser().build().parse(set).getKeys()).isNotEmpty();
    return set;
  }
}
