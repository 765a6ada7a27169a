package vesper.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import vesper.testing.PostgresExtension;
import vesper.testing.TestClock;
import vesper.testing.TestDatabase;

@ExtendWith(PostgresExtension.class)
class SigningKeysTest {
  private static final MasterSecret MASTER =
      MasterSecret.of("a master secret of enough characters");
  private static final MasterSecret OTHER = MasterSecret.of("b master secret of enough characters");

  private final TestClock clock = TestClock.create();
  private AuthTables tables;

  @BeforeEach
  void open(TestDatabase test) {
    tables = AuthTables.migrated(test);
    tables.execute("truncate auth.signing_key");
  }

  @AfterEach
  void close() {
    tables.close();
  }

  private SigningKeys replica(MasterSecret master) {
    var store = new SigningKeyStore(tables.database(), new KeySeal(master));
    return new SigningKeys(store, Duration.ofDays(30), clock);
  }

  @Test
  void active_onEmptyDatabase_isOneKeyForManyReplicas() throws Exception {
    List<String> kids = AtOnce.run(8, () -> replica(MASTER).active().kid());

    assertThat(kids).containsOnly(kids.getFirst());
    assertThat(tables.count("auth.signing_key")).isEqualTo(1);
  }

  @Test
  void refresh_rotatesWithADayOfOverlap_alikeOnAllReplicas() throws Exception {
    SigningKeys one = replica(MASTER);
    SigningKeys two = replica(MASTER);
    String old = one.active().kid();
    clock.advance(Duration.ofDays(29));

    AtOnce.run(8, () -> replica(MASTER).refresh());
    one.refresh();
    two.refresh();

    assertThat(one.active().kid()).isEqualTo(old).isEqualTo(two.active().kid());
    assertThat(one.published().keys()).hasSize(2).isEqualTo(two.published().keys());
    clock.advance(Duration.ofDays(1));
    assertThat(one.active().kid()).isNotEqualTo(old).isEqualTo(two.active().kid());
    assertThat(one.published().keys()).hasSize(2);
    clock.advance(Duration.ofDays(1));
    assertThat(one.published().keys()).hasSize(1);

    one.refresh();

    assertThat(tables.count("auth.signing_key")).isEqualTo(1);
    assertThat(replica(MASTER).active().kid()).isEqualTo(two.active().kid());
  }

  @Test
  void privateKey_isStoredSealed() {
    byte[] secret = replica(MASTER).active().secret().getEncoded();

    byte[] stored =
        tables
            .database()
            .read(
                "test.sealed",
                handle ->
                    handle
                        .createQuery("select private_sealed from auth.signing_key")
                        .mapTo(byte[].class)
                        .one());

    assertThat(stored).hasSize(12 + secret.length + 16);
    assertThat(new String(stored, java.nio.charset.StandardCharsets.ISO_8859_1))
        .doesNotContain(new String(secret, 16, 32, java.nio.charset.StandardCharsets.ISO_8859_1));
  }

  @Test
  void active_underAnotherMasterSecret_saysWhichSettingIsWrong() {
    assertThat(replica(MASTER).active()).isNotNull();

    assertThatThrownBy(() -> replica(OTHER).active())
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("vesper.auth.master-secret");
  }
}
