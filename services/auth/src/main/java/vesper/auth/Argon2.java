package vesper.auth;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.text.Normalizer;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.params.Argon2Parameters;

/// The cost of hashing a password with Argon2id (RFC 9106). A hash is written in the PHC string
/// format and carries its own cost, so the cost of new ones may change at any time.
record Argon2(int kibibytes, int passes, int lanes) {
  /// 19 MiB in two passes over one lane.
  static final Argon2 STANDARD = new Argon2(19 * 1024, 2, 1);

  private static final int SALT_BYTES = 16;
  private static final int HASH_BYTES = 32;
  private static final Pattern PHC =
      Pattern.compile(
          "\\$argon2id\\$v=19\\$m=(\\d{1,7}),t=(\\d{1,3}),p=(\\d{1,2})\\$([A-Za-z0-9+/]+)\\$([A-Za-z0-9+/]+)");

  /// Hashes a password with a salt of 16 bytes.
  String hash(String password, byte[] salt) {
    if (salt.length != SALT_BYTES) {
      throw new IllegalArgumentException("A salt has " + SALT_BYTES + " bytes");
    }
    var encoder = Base64.getEncoder().withoutPadding();
    return "$argon2id$v=19$m=%d,t=%d,p=%d$%s$%s"
        .formatted(
            kibibytes,
            passes,
            lanes,
            encoder.encodeToString(salt),
            encoder.encodeToString(derive(password, salt, HASH_BYTES)));
  }

  /// Whether `hash` is one of `password`.
  static boolean matches(String password, String hash) {
    Matcher parts = PHC.matcher(hash);
    if (!parts.matches()) {
      throw new IllegalStateException("A stored password hash is not one of Argon2id");
    }
    var cost =
        new Argon2(
            Integer.parseInt(parts.group(1)),
            Integer.parseInt(parts.group(2)),
            Integer.parseInt(parts.group(3)));
    byte[] salt = Base64.getDecoder().decode(parts.group(4));
    byte[] expected = Base64.getDecoder().decode(parts.group(5));
    return MessageDigest.isEqual(expected, cost.derive(password, salt, expected.length));
  }

  private byte[] derive(String password, byte[] salt, int length) {
    var generator = new Argon2BytesGenerator();
    generator.init(
        new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id)
            .withVersion(Argon2Parameters.ARGON2_VERSION_13)
            .withMemoryAsKB(kibibytes)
            .withIterations(passes)
            .withParallelism(lanes)
            .withSalt(salt)
            .build());
    byte[] hash = new byte[length];
    // One spelling for what two keyboards write differently, as RFC 8265 asks of passwords.
    generator.generateBytes(
        Normalizer.normalize(password, Normalizer.Form.NFC).getBytes(UTF_8), hash);
    return hash;
  }
}
