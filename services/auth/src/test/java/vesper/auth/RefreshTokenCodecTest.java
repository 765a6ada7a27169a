package vesper.auth;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.UUID;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("AUTH-T1")
class RefreshTokenCodecTest {
  private static final String PREFIX = "rt_";

  private static final MasterSecret MASTER =
      MasterSecret.of("a master secret of enough characters");

  private final RefreshTokenCodec codec = new RefreshTokenCodec(MASTER);

  @Property(tries = 300)
  void decode_ofEncoded_isTheToken(@ForAll long high, @ForAll long low, @ForAll long counter) {
    var token = new RefreshToken(new SessionId(new UUID(high, low)), counter);

    assertThat(codec.decode(codec.encode(token))).contains(token);
  }

  @Property(tries = 300)
  void decode_ofTokenWithAnyBitFlipped_isEmpty(
      @ForAll long id, @ForAll long counter, @ForAll @IntRange(max = 57 * 8 - 1) int bit) {
    String text = codec.encode(new RefreshToken(new SessionId(new UUID(id, ~id)), counter));
    byte[] bytes = Base64.getUrlDecoder().decode(text.substring(PREFIX.length()));
    bytes[bit / 8] ^= (byte) (1 << (bit % 8));

    String flipped = PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);

    assertThat(codec.decode(flipped)).isEmpty();
  }

  @Property(tries = 300)
  void decode_ofAnyText_isEmpty(@ForAll String text) {
    assertThat(codec.decode(text)).isEmpty();
    assertThat(codec.decode(PREFIX + text)).isEmpty();
  }

  @Test
  void decode_ofOtherSpellings_isEmpty() {
    String text = codec.encode(new RefreshToken(new SessionId(new UUID(-1, -1)), -1));

    assertThat(codec.decode(text)).isPresent();
    assertThat(codec.decode(text + "=")).isEmpty();
    assertThat(codec.decode(text.substring(0, text.length() - 1))).isEmpty();
    assertThat(codec.decode(text.substring(0, text.length() - 1) + "=")).isEmpty();
    assertThat(codec.decode(text.substring(0, text.length() - 1) + "+")).isEmpty();
    assertThat(codec.decode("RT_" + text.substring(PREFIX.length()))).isEmpty();
  }

  @Test
  void decode_underAnotherMasterSecret_isEmpty() {
    var other = new RefreshTokenCodec(MasterSecret.of("b master secret of enough characters"));
    String text = codec.encode(new RefreshToken(new SessionId(new UUID(1, 2)), 3));

    assertThat(other.decode(text)).isEmpty();
  }

  @Test
  void decode_ofAnotherVersion_isEmpty() {
    byte[] body = new byte[25];
    body[0] = 2;
    byte[] mac = new Hmac(MASTER, "refresh token").of(body);
    byte[] token = ByteBuffer.allocate(57).put(body).put(mac).array();
    var encoder = Base64.getUrlEncoder().withoutPadding();

    assertThat(codec.decode(PREFIX + encoder.encodeToString(token))).isEmpty();
    body[0] = 1;
    System.arraycopy(new Hmac(MASTER, "refresh token").of(body), 0, token, 25, 32);
    token[0] = 1;
    assertThat(codec.decode(PREFIX + encoder.encodeToString(token))).isPresent();
  }
}
