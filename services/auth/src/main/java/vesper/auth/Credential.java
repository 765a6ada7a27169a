package vesper.auth;

import java.util.Locale;

/// How a caller proves who it is. Ids and secrets are as they came in, within the bounds of the
/// contract.
sealed interface Credential {
  /// A secret of high entropy that a device made for itself.
  ///
  /// @param secret its bytes in base64
  record Device(String id, String secret) implements Credential {
    @Override
    public String toString() {
      return "Device[" + id + "]";
    }
  }

  /// An e-mail address, whose case says nothing, and a password that a person remembers.
  record Password(String email, String password) implements Credential {
    public Password {
      email = email.toLowerCase(Locale.ROOT);
    }

    @Override
    public String toString() {
      return "Password[]";
    }
  }

  /// Names the kind of credential in the database and in metrics.
  default String provider() {
    return switch (this) {
      case Device _ -> "device";
      case Password _ -> "password";
    };
  }

  /// Names the holder; unique per provider.
  default String externalId() {
    return switch (this) {
      case Device device -> device.id();
      case Password password -> password.email();
    };
  }

  /// What an account registered with it is.
  default Account.Kind kind() {
    return switch (this) {
      case Device _ -> Account.Kind.GUEST;
      case Password _ -> Account.Kind.PLAYER;
    };
  }
}
