package vesper.npc;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.Parser;
import java.time.Instant;
import java.util.function.Supplier;
import org.jdbi.v3.core.Handle;
import vesper.runtime.Refusal;

/// Answers of rpcs that change something, in PostgreSQL, under the idempotency keys they were asked
/// with.
final class AnswerTable {

  private AnswerTable() {}

  /// Who asks what.
  ///
  /// @param caller who sent the key; keys of two callers have nothing to do with each other
  /// @param key the idempotency key
  /// @param requestHash of the method and its request
  record Asked(String caller, String key, String requestHash) {}

  /// An answer.
  ///
  /// @param replayed whether it was given before
  record Answered<T>(T answer, boolean replayed) {}

  /// Does the work once for a key: a repeat gets the first answer again, and waits for it while the
  /// first is under way.
  ///
  /// @throws io.grpc.StatusRuntimeException INVALID_ARGUMENT when the key belongs to another
  ///   request
  static <T extends Message> Answered<T> once(
      Handle handle, Asked asked, Instant now, Parser<T> parser, Supplier<T> work) {
    int taken =
        handle
            .createUpdate(
                """
                insert into npc.answered (caller, idempotency_key, request_hash, answered_at)
                values (:caller, :key, :hash, :now) on conflict do nothing\
                """)
            .bind("caller", asked.caller())
            .bind("key", asked.key())
            .bind("hash", asked.requestHash())
            .bind("now", TalkTable.time(now))
            .execute();
    if (taken == 0) {
      return new Answered<>(earlier(handle, asked, parser), true);
    }
    T answer = work.get();
    handle
        .createUpdate(
            """
            update npc.answered set answer = :answer
            where caller = :caller and idempotency_key = :key\
            """)
        .bind("answer", answer.toByteArray())
        .bind("caller", asked.caller())
        .bind("key", asked.key())
        .execute();
    return new Answered<>(answer, false);
  }

  /// What was answered to which request.
  private record Earlier(String requestHash, ByteString answer) {}

  private static <T extends Message> T earlier(Handle handle, Asked asked, Parser<T> parser) {
    var found =
        handle
            .createQuery(
                """
                select request_hash, answer from npc.answered
                where caller = :caller and idempotency_key = :key\
                """)
            .bind("caller", asked.caller())
            .bind("key", asked.key())
            .map((row, _) ->
                new Earlier(
                    row.getString("request_hash"), ByteString.copyFrom(row.getBytes("answer"))))
            .one();
    if (!found.requestHash().equals(asked.requestHash())) {
      throw Refusal.keyReused();
    }
    try {
      return parser.parseFrom(found.answer());
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("A stored answer cannot be read", e);
    }
  }

  /// Forgets answers that were given before a moment.
  static void forget(Handle handle, Instant before) {
    handle
        .createUpdate("delete from npc.answered where answered_at < :before")
        .bind("before", TalkTable.time(before))
        .execute();
  }
}
