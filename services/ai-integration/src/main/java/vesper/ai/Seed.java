package vesper.ai;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import vesper.ai.v1.GenerateRequest;

/// The only randomness of an answer: the first bytes of SHA-256 over world, who speaks, record, use
/// and attempt. Servers take 31 bits of it.
///
/// @param value the first eight bytes
record Seed(long value) {
  private static final int SENT_BITS = 0x7fff_ffff;

  /// Returns the seed of one attempt.
  ///
  /// @param decision record of the answer, which stands for the moment
  static Seed of(GenerateRequest request, String decision, int attempt) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (String part :
          new String[] {
            request.getWorldId(),
            request.getNpcId(),
            decision,
            request.getUseCase(),
            Integer.toString(attempt)
          }) {
        digest.update(part.getBytes(StandardCharsets.UTF_8));
        digest.update((byte) 0);
      }
      return new Seed(ByteBuffer.wrap(digest.digest()).getLong());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java platform has SHA-256", e);
    }
  }

  /// What is sent to a model.
  int sent() {
    return (int) (value & SENT_BITS);
  }
}
