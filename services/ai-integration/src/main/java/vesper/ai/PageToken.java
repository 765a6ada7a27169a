package vesper.ai;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import java.util.UUID;
import vesper.ai.v1.ListDecisionsRequest;
import vesper.runtime.Refusal;

/// The record after which the next page of a list begins. Its text is of use for the same list
/// only.
///
/// @param micros when the record began, since the epoch
record PageToken(long micros, UUID decision) {
  private static final int FINGERPRINT = 8;
  private static final int LENGTH = FINGERPRINT + 3 * Long.BYTES;

  /// Returns the text.
  String write(ListDecisionsRequest list) {
    byte[] token =
        ByteBuffer.allocate(LENGTH)
            .put(fingerprint(list))
            .putLong(micros)
            .putLong(decision.getMostSignificantBits())
            .putLong(decision.getLeastSignificantBits())
            .array();
    return Base64.getUrlEncoder().withoutPadding().encodeToString(token);
  }

  /// Returns where a page begins; none for the first page.
  ///
  /// @throws io.grpc.StatusRuntimeException INVALID_ARGUMENT for a text that another list returned
  static Optional<PageToken> read(ListDecisionsRequest list) {
    if (list.getPageToken().isEmpty()) {
      return Optional.empty();
    }
    byte[] bytes;
    try {
      bytes = Base64.getUrlDecoder().decode(list.getPageToken());
    } catch (IllegalArgumentException e) {
      throw foreign();
    }
    if (bytes.length != LENGTH
        || !Arrays.equals(fingerprint(list), Arrays.copyOf(bytes, FINGERPRINT))) {
      throw foreign();
    }
    ByteBuffer place = ByteBuffer.wrap(bytes, FINGERPRINT, LENGTH - FINGERPRINT);
    return Optional.of(new PageToken(place.getLong(), new UUID(place.getLong(), place.getLong())));
  }

  private static RuntimeException foreign() {
    return Refusal.invalid("pageToken", "was not returned for this list");
  }

  private static byte[] fingerprint(ListDecisionsRequest list) {
    String query =
        String.join(
            "\n",
            list.getWorldId(),
            list.getPlayerId(),
            list.getNpcId(),
            list.getConversationId(),
            list.getPath().name());
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(query.getBytes(StandardCharsets.UTF_8));
      return Arrays.copyOf(digest, FINGERPRINT);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java platform has SHA-256", e);
    }
  }
}
