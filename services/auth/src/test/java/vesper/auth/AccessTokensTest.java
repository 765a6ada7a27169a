package vesper.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import vesper.testing.PostgresExtension;
import vesper.testing.TestClock;
import vesper.testing.TestDatabase;

@ExtendWith(PostgresExtension.class)
class AccessTokensTest {
  private static final SessionRules RULES =
      new SessionRules(
          Duration.ofDays(30), Duration.ofDays(90), Duration.ofDays(180), Duration.ofSeconds(10));

  private final TestClock clock = TestClock.create();
  private final Account account =
      Account.register(new AccountId(new UUID(-1, -1)), Account.Kind.PLAYER, clock.instant());
  private AuthTables tables;
  private SigningKeys keys;

  @BeforeEach
  void open(TestDatabase test) {
    tables = AuthTables.migrated(test);
    var store =
        new SigningKeyStore(tables.database(), new KeySeal(MasterSecret.of(AuthHost.MASTER)));
    keys = new SigningKeys(store, Duration.ofDays(30), clock);
  }

  @AfterEach
  void close() {
    tables.close();
  }

  private Session session(String world) {
    return Session.open(new SessionId(new UUID(-2, -2)), account, world, clock.instant(), RULES);
  }

  @Test
  void issue_withEveryRoleTheLongestWorldsAndTheLongestIssuer_isAtMostAKibibyte() {
    List<String> worlds = new ArrayList<>();
    for (char letter = 'a'; letter < 'g'; letter++) {
      worlds.add(String.valueOf(letter).repeat(32));
    }
    Account great = account.withAccess(List.of(Account.Role.values()), worlds);
    var tokens = new AccessTokens(keys, "i".repeat(64), Duration.ofMinutes(15), clock);

    assertThat(tokens.issue(great, session("")).token()).hasSizeLessThanOrEqualTo(1024);
  }

  @Test
  void issue_writesTheClaims() {
    var tokens = new AccessTokens(keys, "vesper", Duration.ofMinutes(15), clock);

    var issued = tokens.issue(account, session("night"));

    String[] parts = issued.token().split("\\.");
    assertThat(text(parts[0])).contains("\"alg\":\"EdDSA\"", keys.active().kid());
    assertThat(text(parts[1]))
        .contains(
            "\"iss\":\"vesper\"",
            "\"sub\":\"" + account.id() + "\"",
            "\"sid\":\"" + new UUID(-2, -2) + "\"",
            "\"wld\":[\"night\"]",
            "\"age\":\"UNKNOWN\"",
            "\"tier\":\"free\"",
            "\"epo\":1",
            "\"exp\":" + clock.instant().plusSeconds(900).getEpochSecond());
    assertThat(issued.expiresAt()).isEqualTo(clock.instant().plusSeconds(900));
  }

  @Test
  void issue_inAForeignWorld_fails() {
    Account limited = account.withAccess(List.of(), List.of("day"));
    var tokens = new AccessTokens(keys, "vesper", Duration.ofMinutes(15), clock);

    assertThatIllegalArgumentException().isThrownBy(() -> tokens.issue(limited, session("night")));
  }

  private static String text(String part) {
    return new String(Base64.getUrlDecoder().decode(part), StandardCharsets.UTF_8);
  }
}
