package vesper.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.HexFormat;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("AUTH-T1")
class SecretsTest {
  private static final Argon2 CHEAP = new Argon2(64, 1, 1);
  private static final MasterSecret MASTER =
      MasterSecret.of("a master secret of enough characters");
  private static final MasterSecret OTHER = MasterSecret.of("b master secret of enough characters");

  private final Secrets secrets = new Secrets(MASTER, CHEAP);

  private static Credential.Device device(String id, String secret) {
    return new Credential.Device(id, secret);
  }

  private static Credential.Password password(String password) {
    return new Credential.Password("Ada@Example.org", password);
  }

  @Test
  void match_ofDevice_needsItsIdItsSecretAndTheInstallation() {
    String hash = secrets.hash(device("device-0001", "secret"));

    assertThat(secrets.match(device("device-0001", "secret"), hash)).isTrue();
    assertThat(secrets.match(device("device-0001", "Secret"), hash)).isFalse();
    assertThat(secrets.match(device("device-0002", "secret"), hash)).isFalse();
    assertThat(new Secrets(OTHER, CHEAP).match(device("device-0001", "secret"), hash)).isFalse();
  }

  @Test
  void match_ofPassword_needsThePassword() {
    String hash = secrets.hash(password("correct horse"));

    assertThat(secrets.match(password("correct horse"), hash)).isTrue();
    assertThat(secrets.match(password("correct Horse"), hash)).isFalse();
    assertThat(secrets.hash(password("correct horse"))).as("salted").isNotEqualTo(hash);
  }

  @Test
  void match_ofPasswordHashedAtAnotherCost_stillHolds() {
    String old = new Secrets(MASTER, new Argon2(128, 3, 1)).hash(password("correct horse"));

    assertThat(secrets.match(password("correct horse"), old)).isTrue();
  }

  @Test
  void match_ofPasswordSpeltWithCombiningAccents_isTheSame() {
    String hash = secrets.hash(password("caf\u00e9 au lait"));

    assertThat(secrets.match(password("cafe\u0301 au lait"), hash)).isTrue();
  }

  @Test
  void match_withForeignHash_fails() {
    assertThatIllegalStateException()
        .isThrownBy(() -> secrets.match(password("correct horse"), "plain"));
  }

  @Test
  void standardCost_isThatOfTheHash() {
    assertThat(Argon2.STANDARD.hash("correct horse", new byte[16]))
        .startsWith("$argon2id$v=19$m=19456,t=2,p=1$");
    assertThatIllegalArgumentException().isThrownBy(() -> CHEAP.hash("x", new byte[8]));
  }

  @Test
  void subject_hidesTheNameAndIgnoresItsCase() {
    byte[] subject = secrets.subject(new Credential.Password("ada@example.org", "x"));

    assertThat(secrets.subject(password("y"))).isEqualTo(subject);
    assertThat(subject).hasSize(32);
    assertThat(secrets.subject(new Credential.Password("bob@example.org", "x")))
        .isNotEqualTo(subject);
  }

  /// RFC 5869 names no vectors for our labels; two derivations must agree, two purposes must not.
  @Test
  void masterSecret_derivesOneKeyAPurpose() {
    assertThat(MASTER.key("one", "AES").getEncoded())
        .hasSize(32)
        .isEqualTo(MASTER.key("one", "AES").getEncoded())
        .isNotEqualTo(MASTER.key("two", "AES").getEncoded())
        .isNotEqualTo(OTHER.key("one", "AES").getEncoded());
    assertThat(MASTER).hasToString("***");
    assertThatIllegalArgumentException().isThrownBy(() -> MasterSecret.of("short"));
  }

  @Test
  void credentials_printNoSecret() {
    assertThat(device("device-0001", "hush").toString()).doesNotContain("hush");
    assertThat(password("correct horse").toString()).doesNotContain("horse");
  }

  @Test
  void seal_opensUnderItsNameAndSecretOnly() {
    var seal = new KeySeal(MASTER);
    byte[] plain = HexFormat.of().parseHex("0011223344");
    byte[] sealed = seal.seal(plain, "key");

    assertThat(seal.open(sealed, "key")).contains(plain);
    assertThat(seal.open(sealed, "other")).isEmpty();
    assertThat(new KeySeal(OTHER).open(sealed, "key")).isEmpty();
    assertThat(seal.open(new byte[12], "key")).isEmpty();
    for (int bit = 0; bit < sealed.length * 8; bit++) {
      byte[] flipped = sealed.clone();
      flipped[bit / 8] ^= (byte) (1 << (bit % 8));
      assertThat(seal.open(flipped, "key")).isEmpty();
    }
  }
}
