package vesper.runtime;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.Parser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.function.Supplier;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.JdbiException;
import org.jdbi.v3.core.statement.SqlStatement;

/// The answers that a service gave to calls with an idempotency key, in the table `kept_answer` of
/// its schema. An answer commits with the effect of its call, is given again to a repeat, and is
/// kept for a day.
///
/// A key belongs to a principal and a method: those of others have nothing to do with it.
public final class Answers {
  /// How long a repeat waits for the call that has its key.
  private static final Duration PATIENCE = Duration.ofSeconds(1);

  private static final Duration RETRY = Duration.ofSeconds(1);
  private static final String LOCK_TIMEOUT = "55P03";

  private final String take;
  private final String keep;
  private final String find;
  private final String forget;

  Answers(String domain) {
    // The sub-select bounds the wait for a transaction that has the same key; the count is made
    // after the insert, so what the work waits for is not bounded by it.
    take =
        """
        with taken as (
          insert into %s.kept_answer (principal, method, idempotency_key, request_sha256)
          select :principal, :method, :key, :request
          from (select set_config('lock_timeout', :patience, true) offset 0) as patience
          on conflict do nothing
          returning 1)
        select count(*), set_config('lock_timeout', '0', true) from taken
        """
            .formatted(domain);
    keep =
        """
        update %s.kept_answer set answer = :answer
        where principal = :principal and method = :method and idempotency_key = :key
        """
            .formatted(domain);
    find =
        """
        select request_sha256 = :request as same_request, answer from %s.kept_answer
        where principal = :principal and method = :method and idempotency_key = :key
        """
            .formatted(domain);
    forget =
        """
        delete from %1$s.kept_answer where ctid = any (array(
          select ctid from %1$s.kept_answer
          where answered_at < now() - make_interval(secs => :age)
          order by answered_at limit :most for update skip locked))
        """
            .formatted(domain);
  }

  /// Does the work of the running rpc once for its idempotency key: a repeat gets the first answer
  /// again, marked as replayed. Without a key the work is simply done.
  ///
  /// While the first call with the key is under way in another transaction, a repeat waits for its
  /// end, a second at most.
  ///
  /// @param transaction the handle given by [Database#write], in which the work changes the state
  /// @param request what was asked, whole
  /// @param work makes the answer; when it throws, nothing is kept
  /// @throws io.grpc.StatusRuntimeException INVALID_ARGUMENT `IDEMPOTENCY_KEY_REUSED` when the key
  ///   belongs to another request, ABORTED when the first call with it is still under way
  public <A extends Message> A once(
      Handle transaction, Message request, Parser<A> parser, Supplier<A> work) {
    CallContext call = CallContext.current();
    String key = call.idempotencyKey().orElse(null);
    if (key == null) {
      return work.get();
    }
    call.markKept();
    Asked asked =
        new Asked(
            call.principal().kind() + ":" + call.principal().subject(),
            call.method(),
            key,
            digest(request));
    boolean first = take(transaction, asked);
    call.replayed(!first);
    if (!first) {
      return earlier(transaction, asked, parser);
    }
    A answer = work.get();
    asked.bind(transaction.createUpdate(keep)).bind("answer", answer.toByteArray()).execute();
    return answer;
  }

  /// Forgets answers of a certain age, and returns how many.
  ///
  /// @param most how many at a time
  int forget(Handle transaction, Duration age, int most) {
    return transaction
        .createUpdate(forget)
        .bind("age", (double) age.toSeconds())
        .bind("most", most)
        .execute();
  }

  /// Who asks what under which key.
  ///
  /// @param request the SHA-256 of the request
  @SuppressWarnings("ArrayRecordComponent") // bound to a statement, never compared
  private record Asked(String principal, String method, String key, byte[] request) {
    <S extends SqlStatement<S>> S bind(S statement) {
      return statement
          .bind("principal", principal)
          .bind("method", method)
          .bind("key", key)
          .bind("request", request);
    }
  }

  private boolean take(Handle transaction, Asked asked) {
    try {
      return asked
              .bind(transaction.createQuery(take))
              .bind("patience", PATIENCE.toMillis() + "ms")
              .map((row, _) -> row.getInt(1))
              .one()
          == 1;
    } catch (JdbiException e) {
      if (Database.sqlState(e).equals(LOCK_TIMEOUT)) {
        throw Refusal.running(RETRY, "the first call with this idempotency key is still running");
      }
      throw e;
    }
  }

  private record Earlier(boolean sameRequest, ByteString answer) {}

  private <A extends Message> A earlier(Handle transaction, Asked asked, Parser<A> parser) {
    Earlier earlier =
        asked
            .bind(transaction.createQuery(find))
            .map((row, _) ->
                new Earlier(
                    row.getBoolean("same_request"), ByteString.copyFrom(row.getBytes("answer"))))
            .findOne()
            // Forgotten since it was found to be there: its day is over.
            .orElseThrow(() -> Refusal.running(RETRY, "the answer is being forgotten"));
    if (!earlier.sameRequest()) {
      throw Refusal.keyReused();
    }
    try {
      return parser.parseFrom(earlier.answer());
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("a kept answer cannot be read", e);
    }
  }

  /// Maps are written in the order of their keys: the same request gives the same bytes.
  private static byte[] digest(Message request) {
    byte[] bytes = new byte[request.getSerializedSize()];
    CodedOutputStream out = CodedOutputStream.newInstance(bytes);
    out.useDeterministicSerialization();
    try {
      request.writeTo(out);
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("the JDK has no SHA-256", e);
    }
  }
}
