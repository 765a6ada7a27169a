package vesper.transport;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// What a caller tells the server about a call.
///
/// @param kind what it says
/// @param call the id of the call at its caller
/// @param value for CREDIT the number of messages consumed so far
/// @param inbox the caller's inbox where the subject does not say it, or empty
record Control(Kind kind, long call, long value, String inbox) {

  /// What a control message says, with the octet that says so.
  enum Kind {
    /// The caller has consumed messages and takes as many more.
    CREDIT(0),
    /// The caller no longer wants the answer.
    CANCEL(1);

    private final int octet;

    Kind(int octet) {
      this.octet = octet;
    }

    private static @Nullable Kind of(int octet) {
      return switch (octet) {
        case 0 -> CREDIT;
        case 1 -> CANCEL;
        default -> null;
      };
    }
  }

  private static final int MAX_LENGTH = 512;

  byte[] write() {
    return new ByteWriter()
        .octet(kind.octet)
        .varint(call)
        .varint(value)
        .bytes(inbox.getBytes(StandardCharsets.US_ASCII))
        .take();
  }

  /// Reads a control message, or returns null when the bytes are not one.
  static @Nullable Control read(byte[] bytes) {
    ByteReader in = new ByteReader(bytes);
    Kind kind = Kind.of(in.octet());
    long call = in.varint();
    long value = in.varint();
    if (bytes.length > MAX_LENGTH || kind == null || call < 0 || value < 0) {
      return null;
    }
    String inbox = new String(bytes, in.position(), in.remaining(), StandardCharsets.US_ASCII);
    return new Control(kind, call, value, inbox);
  }
}
