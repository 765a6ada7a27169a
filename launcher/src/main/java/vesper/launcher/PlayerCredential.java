package vesper.launcher;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Base64;
import vesper.auth.v1.AuthGrpc;
import vesper.auth.v1.DeviceCredential;
import vesper.auth.v1.LoginRequest;
import vesper.auth.v1.TokenPair;

/// The device credential of a player at this terminal, kept in the data directory under the
/// player's name.
record PlayerCredential(String id, String secret) {
  private static final ObjectMapper JSON = new ObjectMapper();

  static PlayerCredential of(DataDirectory data, String player) {
    if (!player.matches("[A-Za-z0-9][A-Za-z0-9_-]{0,31}")) {
      throw new CommandFailure(
          "a player's name has 1 to 32 letters, digits, _ or -: '%s' does not fit"
              .formatted(player),
          CommandFailure.USAGE);
    }
    Path file = data.players().resolve(player + ".json");
    try {
      if (!Files.exists(file)) {
        create(file);
      }
      return JSON.readValue(Files.readString(file), PlayerCredential.class);
    } catch (IOException failure) {
      throw new CommandFailure("%s: %s".formatted(file, failure.getMessage()));
    }
  }

  /// Logs in; the first time registers a guest.
  TokenPair login(GatewayClient gateway, String world) {
    return AuthGrpc.newBlockingStub(gateway.anonymous())
        .withDeadlineAfter(java.time.Duration.ofSeconds(10))
        .login(
            LoginRequest.newBuilder()
                .setDevice(
                    DeviceCredential.newBuilder()
                        .setId(id)
                        .setSecret(ByteString.copyFrom(Base64.getDecoder().decode(secret))))
                .setCreate(true)
                .setWorldId(world)
                .build());
  }

  private static void create(Path file) throws IOException {
    SecureRandom random = new SecureRandom();
    byte[] id = new byte[12];
    byte[] secret = new byte[32];
    random.nextBytes(id);
    random.nextBytes(secret);
    PlayerCredential credential =
        new PlayerCredential(
            "terminal-" + Base64.getUrlEncoder().withoutPadding().encodeToString(id),
            Base64.getEncoder().encodeToString(secret));
    Secrets.writeNew(file, JSON.writeValueAsString(credential));
  }
}
