package vesper.auth;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsonwebtoken.security.Jwk;
import io.jsonwebtoken.security.Jwks;
import java.security.Signature;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class KeyRingTest {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  private static final Duration ROTATION = Duration.ofDays(30);
  private static final Duration DAY = Duration.ofDays(1);

  private final KeyRing first = new KeyRing(List.of(SigningKey.generate(1, START)));

  private static KeyRing with(KeyRing ring, SigningKey key) {
    List<SigningKey> keys = new ArrayList<>(ring.keys());
    keys.add(key);
    return new KeyRing(keys);
  }

  @Test
  void successor_ofNothing_signsAtOnce() {
    SigningKey key = new KeyRing(List.of()).successor(START, ROTATION).orElseThrow();

    assertThat(key.generation()).isEqualTo(1);
    assertThat(key.activatesAt()).isEqualTo(START);
  }

  @Test
  void successor_isMadeADayAheadAndOnce() {
    Instant dayAhead = START.plus(ROTATION).minus(DAY);

    assertThat(first.successor(dayAhead.minusNanos(1), ROTATION)).isEmpty();
    SigningKey second = first.successor(dayAhead, ROTATION).orElseThrow();

    assertThat(second.generation()).isEqualTo(2);
    assertThat(second.activatesAt()).isEqualTo(START.plus(ROTATION));
    assertThat(with(first, second).successor(dayAhead, ROTATION)).isEmpty();
  }

  @Test
  void successor_afterALongSleep_isStillPublishedADayAhead() {
    Instant awake = START.plus(Duration.ofDays(400));

    assertThat(first.successor(awake, ROTATION).orElseThrow().activatesAt())
        .isEqualTo(awake.plus(DAY));
  }

  @Test
  void states_followTheClock() {
    Instant change = START.plus(ROTATION);
    SigningKey old = first.keys().getFirst();
    SigningKey next = SigningKey.generate(2, change);
    KeyRing ring = with(first, next);

    assertThat(ring.active(START.minus(DAY))).isEqualTo(old);
    assertThat(ring.active(change.minusNanos(1))).isEqualTo(old);
    assertThat(ring.active(change)).isEqualTo(next);
    assertThat(ring.published(START).keys()).containsExactly(old, next);
    assertThat(ring.published(change.plus(DAY).minusNanos(1)).keys()).containsExactly(old, next);
    assertThat(ring.published(change.plus(DAY)).keys()).containsExactly(next);
  }

  /// A verifier that last looked up to a day ago knows the key of every token up to its end.
  @Test
  void rotation_overAYear_neverSignsWithAKeyThatAVerifierDoesNotKnow() {
    KeyRing ring = first;
    List<KeyRing> publishedHourly = new ArrayList<>();
    int longest = 0;
    for (int hour = 0; hour < 365 * 24; hour++) {
      Instant now = START.plus(Duration.ofHours(hour));
      var successor = ring.successor(now, ROTATION);
      if (successor.isPresent()) {
        ring = with(ring, successor.get());
      }
      ring = ring.published(now);
      publishedHourly.add(ring);
      longest = Math.max(longest, ring.keys().size());
      SigningKey signing = ring.active(now);
      for (int ago = 0; ago < Math.min(24, hour); ago++) {
        assertThat(publishedHourly.get(hour - ago).keys()).contains(signing);
      }
    }
    assertThat(ring.keys().getLast().generation()).isEqualTo(13);
    assertThat(longest).isEqualTo(2);
  }

  @Test
  void jwks_isReadByOthers_andVerifiesWhatTheKeySigned() throws Exception {
    SigningKey key = first.keys().getFirst();
    Signature signer = Signature.getInstance("Ed25519");
    signer.initSign(key.secret());
    signer.update(new byte[] {1, 2, 3});
    byte[] signature = signer.sign();

    Jwk<?> jwk = Jwks.setParser().build().parse(first.jwks()).getKeys().iterator().next();

    assertThat(jwk.getId()).isEqualTo(key.kid());
    assertThat(jwk.thumbprint().toString()).isEqualTo(key.kid());
    assertThat(jwk.getType()).isEqualTo("OKP");
    assertThat(jwk.getAlgorithm()).isEqualTo("EdDSA");
    Signature verifier = Signature.getInstance("Ed25519");
    verifier.initVerify((java.security.PublicKey) jwk.toKey());
    verifier.update(new byte[] {1, 2, 3});
    assertThat(verifier.verify(signature)).isTrue();
  }

  @Test
  void signingKey_printsNoSecret() {
    assertThat(first.keys().getFirst().toString()).doesNotContain("secret").contains("1, ");
  }
}
