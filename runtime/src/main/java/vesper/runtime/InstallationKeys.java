package vesper.runtime;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The key pair of this installation (Ed25519). It signs the tokens by which services know each
/// other, the operator's tokens, and tokens in tests.
public final class InstallationKeys {
  /// The claim `iss` of its tokens.
  public static final String ISSUER = "vesper-installation";

  static final String KID_PREFIX = "local-";
  private static final String FILE = "installation.pem";
  private static final String ALGORITHM = "Ed25519";
  private static final Pattern PEM =
      Pattern.compile(
          "-----BEGIN (PRIVATE|PUBLIC) KEY-----([A-Za-z0-9+/=\\s]+)-----END \\1 KEY-----");

  private final KeyPair pair;
  private final String kid;

  private InstallationKeys(KeyPair pair) {
    this.pair = pair;
    this.kid = KID_PREFIX + fingerprint(pair.getPublic());
  }

  /// Reads the keys of a folder, and makes them when there are none. Files have mode 0600; of
  /// processes that start at the same moment one makes the keys and the others read them.
  ///
  /// @throws IllegalStateException when the file holds no such keys
  /// @throws UncheckedIOException when the folder cannot be used
  public static InstallationKeys open(Path folder) {
    Path file = folder.resolve(FILE);
    try {
      if (!Files.exists(file)) {
        create(folder, file);
      }
      return new InstallationKeys(parse(file, Files.readString(file, StandardCharsets.US_ASCII)));
    } catch (IOException e) {
      throw new UncheckedIOException("the keys in " + folder + " cannot be used", e);
    }
  }

  /// Keys that live as long as this object.
  public static InstallationKeys ephemeral() {
    return new InstallationKeys(generate());
  }

  /// Returns a token for a caller, valid from now on by the system's clock.
  public String token(Principal principal, Duration ttl) {
    return token(principal, ttl, InstantSource.system());
  }

  /// Returns a token for a caller, valid from now on by the given clock.
  public String token(Principal principal, Duration ttl, InstantSource clock) {
    return new TokenSigner(kid, pair.getPrivate(), ISSUER, clock).sign(principal, ttl);
  }

  String kid() {
    return kid;
  }

  PublicKey publicKey() {
    return pair.getPublic();
  }

  private static void create(Path folder, Path file) throws IOException {
    Files.createDirectories(folder);
    Path temporary =
        Files.createTempFile(
            folder,
            FILE,
            ".new",
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    try {
      KeyPair pair = generate();
      Files.writeString(
          temporary,
          pem("PRIVATE", pair.getPrivate().getEncoded())
              + pem("PUBLIC", pair.getPublic().getEncoded()),
          StandardCharsets.US_ASCII);
      // A link never replaces a file: whoever comes second reads what the first one made.
      Files.createLink(file, temporary);
    } catch (FileAlreadyExistsException another) {
      Files.deleteIfExists(temporary);
    } finally {
      Files.deleteIfExists(temporary);
    }
  }

  private static KeyPair generate() {
    try {
      return KeyPairGenerator.getInstance(ALGORITHM).generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java has no Ed25519", e);
    }
  }

  private static KeyPair parse(Path file, String text) {
    byte[] secret = {};
    byte[] open = {};
    Matcher block = PEM.matcher(text);
    while (block.find()) {
      byte[] key = Base64.getMimeDecoder().decode(block.group(2));
      if (block.group(1).equals("PRIVATE")) {
        secret = key;
      } else {
        open = key;
      }
    }
    try {
      KeyFactory factory = KeyFactory.getInstance(ALGORITHM);
      KeyPair pair =
          new KeyPair(
              factory.generatePublic(new X509EncodedKeySpec(open)),
              factory.generatePrivate(new PKCS8EncodedKeySpec(secret)));
      if (belongTogether(pair)) {
        return pair;
      }
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(file + " holds no Ed25519 key pair", e);
    }
    throw new IllegalStateException(file + " holds two keys that do not belong together");
  }

  private static boolean belongTogether(KeyPair pair) throws GeneralSecurityException {
    byte[] probe = {1};
    Signature signature = Signature.getInstance(ALGORITHM);
    signature.initSign(pair.getPrivate());
    signature.update(probe);
    byte[] signed = signature.sign();
    signature.initVerify(pair.getPublic());
    signature.update(probe);
    return signature.verify(signed);
  }

  private static String pem(String name, byte[] key) {
    return "-----BEGIN %s KEY-----\n%s\n-----END %s KEY-----\n"
        .formatted(name, Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(key), name);
  }

  private static String fingerprint(PublicKey key) {
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(key.getEncoded());
      return HexFormat.of().formatHex(hash, 0, 8);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java has no SHA-256", e);
    }
  }
}
