package vesper.transport;

/// Several frames in one NATS message: for each its kind, call, sequence, length and bytes, numbers
/// as varints.
final class BatchCodec {
  /// The most bytes that a frame takes besides its payload.
  static final int OVERHEAD = 26;

  private BatchCodec() {}

  /// Receives the frames of a batch in order.
  @FunctionalInterface
  interface Sink {
    void frame(Frame.Kind kind, long call, long sequence, Payload payload);
  }

  static void write(Frame frame, ByteWriter out) {
    out.octet(frame.kind().octet)
        .varint(frame.call())
        .varint(frame.sequence())
        .varint(frame.payload().length)
        .bytes(frame.payload());
  }

  /// Reads a batch.
  ///
  /// @return false when the bytes are not a batch; frames before the fault have been delivered
  static boolean read(byte[] bytes, Sink sink) {
    ByteReader in = new ByteReader(bytes);
    while (in.remaining() > 0) {
      Frame.Kind kind = Frame.Kind.of(in.octet());
      long call = in.varint();
      long sequence = in.varint();
      long length = in.varint();
      if (kind == null || call < 0 || sequence < 0 || length < 0 || length > in.remaining()) {
        return false;
      }
      sink.frame(kind, call, sequence, in.slice((int) length));
    }
    return true;
  }
}
