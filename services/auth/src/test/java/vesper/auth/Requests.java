package vesper.auth;

import com.google.protobuf.ByteString;
import java.util.List;
import java.util.UUID;
import vesper.auth.v1.DeviceCredential;
import vesper.auth.v1.LoginRequest;
import vesper.auth.v1.PasswordCredential;
import vesper.auth.v1.Role;
import vesper.auth.v1.SetAccessRequest;

/// Logins to be made in tests.
final class Requests {
  private Requests() {}

  /// A device with one of its possible secrets.
  static LoginRequest device(String id, int secret) {
    byte[] bytes = new byte[32];
    bytes[0] = (byte) secret;
    return LoginRequest.newBuilder()
        .setDevice(DeviceCredential.newBuilder().setId(id).setSecret(ByteString.copyFrom(bytes)))
        .build();
  }

  static LoginRequest password(String email, String password) {
    return LoginRequest.newBuilder()
        .setPassword(PasswordCredential.newBuilder().setEmail(email).setPassword(password))
        .build();
  }

  /// The same login, which registers whom nobody knows.
  static LoginRequest registering(LoginRequest request) {
    return request.toBuilder().setCreate(true).build();
  }

  /// Gives an account these roles and every world.
  static SetAccessRequest access(String account, long version, Role... roles) {
    return SetAccessRequest.newBuilder()
        .setAccountId(account)
        .addAllRoles(List.of(roles))
        .setVersion(version)
        .build();
  }

  static String newName() {
    return "device-" + UUID.randomUUID();
  }

  static String newEmail() {
    return UUID.randomUUID() + "@example.org";
  }
}
