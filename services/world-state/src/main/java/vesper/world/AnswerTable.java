package vesper.world;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HexFormat;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import vesper.runtime.Refusal;
import vesper.world.v1.ApplyChangesRequest;
import vesper.world.v1.ApplyChangesResponse;

/// Answers in PostgreSQL that are given again when a request is repeated under its idempotency key.
final class AnswerTable {
  /// Who asks what under which key.
  ///
  /// @param caller whose key it is; keys of two callers have nothing to do with each other
  record Asked(String caller, String key, String requestHash) {

    static Asked of(String caller, String key, ApplyChangesRequest request) {
      try {
        byte[] hash = MessageDigest.getInstance("SHA-256").digest(canonical(request));
        return new Asked(caller, key, HexFormat.of().formatHex(hash));
      } catch (NoSuchAlgorithmException e) {
        throw new IllegalStateException("the JDK has no SHA-256", e);
      }
    }

    // Maps are written in the order of their keys: the same request gives the same bytes.
    private static byte[] canonical(ApplyChangesRequest request) {
      byte[] bytes = new byte[request.getSerializedSize()];
      CodedOutputStream out = CodedOutputStream.newInstance(bytes);
      out.useDeterministicSerialization();
      try {
        request.writeTo(out);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      return bytes;
    }
  }

  /// Takes a key. A repeat waits while the first request is under way, and gets its answer.
  ///
  /// @return the earlier answer, when there is one
  /// @throws io.grpc.StatusRuntimeException INVALID_ARGUMENT when the key belongs to another
  ///   request
  static Optional<ApplyChangesResponse> take(Handle transaction, Asked asked, Instant now) {
    int taken =
        transaction
            .createUpdate(
                """
                insert into world.answered (caller, idempotency_key, request_hash, answered_at)
                values (:caller, :key, :hash, :now) on conflict do nothing\
                """)
            .bind("caller", asked.caller())
            .bind("key", asked.key())
            .bind("hash", asked.requestHash())
            .bind("now", now.atOffset(ZoneOffset.UTC))
            .execute();
    return taken == 1 ? Optional.empty() : Optional.of(earlier(transaction, asked));
  }

  /// Stores the answer under the key that was taken.
  static void answer(Handle transaction, Asked asked, ApplyChangesResponse answer) {
    transaction
        .createUpdate(
            """
            update world.answered set answer = :answer
            where caller = :caller and idempotency_key = :key\
            """)
        .bind("answer", answer.toByteArray())
        .bind("caller", asked.caller())
        .bind("key", asked.key())
        .execute();
  }

  /// Forgets answers given before an instant, and returns how many.
  ///
  /// @param most how many at a time
  static int forget(Handle transaction, Instant before, int most) {
    return transaction
        .createUpdate(
            """
            delete from world.answered where (caller, idempotency_key) in (
              select caller, idempotency_key from world.answered
              where answered_at < :before order by answered_at limit :most)\
            """)
        .bind("before", before.atOffset(ZoneOffset.UTC))
        .bind("most", most)
        .execute();
  }

  private record Earlier(String requestHash, ByteString answer) {}

  private static ApplyChangesResponse earlier(Handle transaction, Asked asked) {
    Earlier earlier =
        transaction
            .createQuery(
                """
                select request_hash, answer from world.answered
                where caller = :caller and idempotency_key = :key\
                """)
            .bind("caller", asked.caller())
            .bind("key", asked.key())
            .map((row, _) ->
                new Earlier(
                    row.getString("request_hash"), ByteString.copyFrom(row.getBytes("answer"))))
            .one();
    if (!earlier.requestHash().equals(asked.requestHash())) {
      throw Refusal.keyReused();
    }
    try {
      return ApplyChangesResponse.parseFrom(earlier.answer());
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("a stored answer cannot be read", e);
    }
  }

  private AnswerTable() {}
}
