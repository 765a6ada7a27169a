package vesper.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import vesper.auth.v1.AccountKind;
import vesper.auth.v1.AccountStatus;
import vesper.auth.v1.LoginRequest;
import vesper.auth.v1.Role;
import vesper.auth.v1.SessionEndReason;

class AuthMessagesTest {
  private static Account account(Account.Kind kind, Account.Status status, Account.Role role) {
    return new Account(
        new AccountId(new UUID(1, 1)),
        kind,
        status,
        List.of(role),
        List.of("night"),
        Account.AgeBand.UNKNOWN,
        1,
        Instant.parse("2026-01-01T00:00:00Z"),
        1);
  }

  @ParameterizedTest
  @EnumSource(Account.Role.class)
  void roles_comeBackAsTheyWent(Account.Role role) {
    var message = AuthMessages.account(account(Account.Kind.PLAYER, Account.Status.ACTIVE, role));

    assertThat(message.getRoles(0).name()).isEqualTo("ROLE_" + role);
    assertThat(AuthMessages.roles(message.getRolesList())).containsExactly(role);
  }

  @Test
  void account_hasTheWordsOfTheContract() {
    var guest =
        AuthMessages.account(
            account(Account.Kind.GUEST, Account.Status.BANNED, Account.Role.ADMIN));

    assertThat(guest.getKind()).isEqualTo(AccountKind.ACCOUNT_KIND_GUEST);
    assertThat(guest.getStatus()).isEqualTo(AccountStatus.ACCOUNT_STATUS_BANNED);
    assertThat(guest.getWorldsList()).containsExactly("night");
  }

  @ParameterizedTest
  @EnumSource(SessionEnd.class)
  void sessionEnded_saysWhy(SessionEnd reason) {
    var event =
        AuthMessages.sessionEnded(
            new AccountId(new UUID(1, 1)), new SessionId(new UUID(2, 2)), reason);

    assertThat(event.getReason())
        .isEqualTo(SessionEndReason.valueOf("SESSION_END_REASON_" + reason));
  }

  @Test
  void credential_ofARequestWithoutOne_fails() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> AuthMessages.credential(LoginRequest.getDefaultInstance()));
  }

  @Test
  void roles_thatAreNone_fail() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> AuthMessages.roles(List.of(Role.ROLE_UNSPECIFIED)));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> AuthMessages.roles(List.of(Role.UNRECOGNIZED)));
  }
}
