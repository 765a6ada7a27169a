package vesper.auth;

import com.google.protobuf.Timestamp;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import vesper.auth.v1.AccessChanged;
import vesper.auth.v1.AccountCreated;
import vesper.auth.v1.AccountKind;
import vesper.auth.v1.AccountStatus;
import vesper.auth.v1.LoginRequest;
import vesper.auth.v1.Role;
import vesper.auth.v1.SessionEndReason;
import vesper.auth.v1.SessionEnded;
import vesper.auth.v1.SessionStarted;

/// The domain in the words of the contract, and back.
final class AuthMessages {
  private AuthMessages() {}

  static AccountCreated accountCreated(Account account) {
    return AccountCreated.newBuilder()
        .setAccountId(account.id().toString())
        .setKind(kind(account.kind()))
        .build();
  }

  static SessionStarted sessionStarted(Session session) {
    return SessionStarted.newBuilder()
        .setAccountId(session.account().toString())
        .setSessionId(session.id().toString())
        .setWorldId(session.world())
        .build();
  }

  static SessionEnded sessionEnded(AccountId account, SessionId session, SessionEnd reason) {
    return SessionEnded.newBuilder()
        .setAccountId(account.toString())
        .setSessionId(session.toString())
        .setReason(
            switch (reason) {
              case LOGOUT -> SessionEndReason.SESSION_END_REASON_LOGOUT;
              case REUSE -> SessionEndReason.SESSION_END_REASON_REUSE;
            })
        .build();
  }

  static AccessChanged accessChanged(Account account) {
    return AccessChanged.newBuilder()
        .setAccountId(account.id().toString())
        .addAllRoles(roles(account))
        .addAllWorlds(account.worlds())
        .build();
  }

  static vesper.auth.v1.Account account(Account account) {
    return vesper.auth.v1.Account.newBuilder()
        .setAccountId(account.id().toString())
        .setKind(kind(account.kind()))
        .setStatus(
            switch (account.status()) {
              case ACTIVE -> AccountStatus.ACCOUNT_STATUS_ACTIVE;
              case BANNED -> AccountStatus.ACCOUNT_STATUS_BANNED;
            })
        .addAllRoles(roles(account))
        .addAllWorlds(account.worlds())
        .setCreatedAt(timestamp(account.createdAt()))
        .setVersion(account.version())
        .build();
  }

  static AccountKind kind(Account.Kind kind) {
    return switch (kind) {
      case GUEST -> AccountKind.ACCOUNT_KIND_GUEST;
      case PLAYER -> AccountKind.ACCOUNT_KIND_PLAYER;
    };
  }

  /// Returns the credential of a request, which validation has found to hold one.
  static Credential credential(LoginRequest request) {
    return switch (request.getCredentialCase()) {
      case DEVICE ->
          new Credential.Device(
              request.getDevice().getId(),
              Base64.getEncoder().encodeToString(request.getDevice().getSecret().toByteArray()));
      case PASSWORD ->
          new Credential.Password(
              request.getPassword().getEmail(), request.getPassword().getPassword());
      case CREDENTIAL_NOT_SET -> throw new IllegalArgumentException("A login names a credential");
    };
  }

  /// Returns the roles of a request, of which validation has found each to be a known one.
  static List<Account.Role> roles(List<Role> roles) {
    return roles.stream().map(AuthMessages::role).sorted().toList();
  }

  static Timestamp timestamp(Instant instant) {
    return Timestamp.newBuilder()
        .setSeconds(instant.getEpochSecond())
        .setNanos(instant.getNano())
        .build();
  }

  private static Account.Role role(Role role) {
    return switch (role) {
      case ROLE_MODERATOR -> Account.Role.MODERATOR;
      case ROLE_DESIGNER -> Account.Role.DESIGNER;
      case ROLE_OPERATOR -> Account.Role.OPERATOR;
      case ROLE_ADMIN -> Account.Role.ADMIN;
      case ROLE_GAME_SERVER -> Account.Role.GAME_SERVER;
      case ROLE_UNSPECIFIED, UNRECOGNIZED -> throw new IllegalArgumentException("Not a role");
    };
  }

  private static List<Role> roles(Account account) {
    return account.roles().stream()
        .map(role ->
            switch (role) {
              case MODERATOR -> Role.ROLE_MODERATOR;
              case DESIGNER -> Role.ROLE_DESIGNER;
              case OPERATOR -> Role.ROLE_OPERATOR;
              case ADMIN -> Role.ROLE_ADMIN;
              case GAME_SERVER -> Role.ROLE_GAME_SERVER;
            })
        .toList();
  }
}
