package vesper.auth;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;

/// What is stored of a credential instead of its secret, and whether a credential fits it.
///
/// Passwords are guessable and get Argon2id. A device's secret is at least 32 random bytes, which
/// no hash function makes harder to guess: it gets HMAC-SHA-256 under a key of the installation,
/// bound to the device's id.
final class Secrets {
  private final Hmac deviceHmac;
  private final Hmac nameHmac;
  private final Argon2 cost;
  private final SecureRandom random = new SecureRandom();
  private final String nobodysPassword;

  Secrets(MasterSecret master, Argon2 cost) {
    deviceHmac = new Hmac(master, "device secret");
    nameHmac = new Hmac(master, "login guard");
    this.cost = cost;
    nobodysPassword = cost.hash("", salt());
  }

  /// Returns what to store of a credential.
  String hash(Credential credential) {
    return switch (credential) {
      case Credential.Device device -> hash(device);
      case Credential.Password password -> cost.hash(password.password(), salt());
    };
  }

  /// Whether a stored hash belongs to the credential.
  boolean match(Credential credential, String hash) {
    return switch (credential) {
      case Credential.Device device ->
          MessageDigest.isEqual(hash(device).getBytes(UTF_8), hash.getBytes(UTF_8));
      case Credential.Password password -> Argon2.matches(password.password(), hash);
    };
  }

  /// Does the work of [#match] where nothing is stored, so that an answer takes as long as for a
  /// wrong secret.
  void matchNothing(Credential credential) {
    switch (credential) {
      case Credential.Device device -> hash(device);
      case Credential.Password password -> Argon2.matches(password.password(), nobodysPassword);
    }
  }

  /// Returns what failed logins are counted under: it tells the name to nobody, which may be a
  /// password typed in the wrong place.
  byte[] subject(Credential credential) {
    return bound(nameHmac, credential.provider(), credential.externalId());
  }

  private String hash(Credential.Device device) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(bound(deviceHmac, device.id(), device.secret()));
  }

  private static byte[] bound(Hmac hmac, String name, String value) {
    return hmac.of(name.getBytes(UTF_8), new byte[1], value.getBytes(UTF_8));
  }

  private byte[] salt() {
    byte[] salt = new byte[16];
    random.nextBytes(salt);
    return salt;
  }
}
