package vesper.transport;

import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import org.jspecify.annotations.Nullable;

/// Turns what a handler answers into frames, numbered where they belong to a stream. One thread
/// answers; [#ended] and [#beat] may be called by any.
final class FrameMaker {
  private static final byte[] EMPTY = {};

  private final long call;
  private final String subject;
  private final boolean stream;
  private final int maxPayload;
  private Metadata headers = new Metadata();
  private boolean headersGiven;
  private byte @Nullable [] reply;
  private long sequence;
  private volatile long announced;

  /// The last frame of a call and the status it carries.
  record End(Frame frame, Status status) {}

  /// @param call the id of the call at its caller
  /// @param subject where frames with headers go
  FrameMaker(long call, String subject, boolean stream, int maxPayload) {
    this.call = call;
    this.subject = subject;
    this.stream = stream;
    this.maxPayload = maxPayload;
  }

  /// Returns the size of the largest message that fits.
  int maxMessage() {
    return maxPayload - BatchCodec.OVERHEAD;
  }

  /// Takes the headers; returns the frame that carries them, or null when they wait for the answer
  /// or are empty.
  @Nullable Frame headers(Metadata metadata) {
    if (headersGiven) {
      throw new IllegalStateException("headers were sent already");
    }
    headersGiven = true;
    headers = metadata;
    return stream && !metadata.keys().isEmpty()
        ? numbered(
            Frame.Kind.HEADERS,
            EMPTY,
            HeaderCodec.response(sequence + 1, metadata, null, new Metadata()))
        : null;
  }

  /// Takes the answer of a unary call.
  void reply(byte[] payload) {
    if (reply != null) {
      throw new IllegalStateException("a unary call has one answer");
    }
    reply = payload;
  }

  /// Returns the frame of the next message of a stream.
  Frame message(byte[] payload) {
    return numbered(Frame.Kind.MESSAGE, payload, null);
  }

  private Frame numbered(Frame.Kind kind, byte[] payload, @Nullable HeaderBlock block) {
    long number = sequence + 1;
    sequence = number;
    return new Frame(kind, call, number, payload, block, subject);
  }

  /// Notes that a frame is on its way, from when on a heartbeat may name it.
  void announce(Frame frame) {
    announced = frame.sequence();
  }

  /// Returns the end of a call as its handler said, or with another status where that cannot be
  /// sent.
  End last(Status status, Metadata trailers) {
    byte[] answer = status.isOk() && reply != null ? reply : EMPTY;
    if (status.isOk() && !stream && reply == null) {
      return ended(Status.INTERNAL.withDescription("the service gave no answer"));
    }
    long number = stream ? sequence + 1 : 0;
    Metadata first = stream ? new Metadata() : headers;
    if (status.isOk() && trailers.keys().isEmpty() && first.keys().isEmpty()) {
      Frame.Kind kind = stream ? Frame.Kind.END : Frame.Kind.REPLY;
      return new End(new Frame(kind, call, number, answer, null, subject), status);
    }
    try {
      HeaderBlock block = HeaderCodec.response(number, first, status, trailers);
      return block.serializedLength() + answer.length > maxPayload
          ? ended(Status.RESOURCE_EXHAUSTED.withDescription("answer and metadata do not fit"))
          : new End(new Frame(Frame.Kind.HEADERS, call, number, answer, block, subject), status);
    } catch (StatusRuntimeException e) {
      return ended(e.getStatus());
    }
  }

  /// Returns the end of a call that ends without its handler.
  End ended(Status status) {
    HeaderBlock block = HeaderCodec.response(0, new Metadata(), status, new Metadata());
    return new End(new Frame(Frame.Kind.HEADERS, call, 0, EMPTY, block, subject), status);
  }

  /// Returns the sign of life of a call that sends nothing else.
  Frame beat() {
    return new Frame(Frame.Kind.BEAT, call, announced, EMPTY, null, subject);
  }
}
