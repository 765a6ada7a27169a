package vesper.transport;

import org.jspecify.annotations.Nullable;

/// One step of an answer, on its way from a call to the caller's inbox.
///
/// @param kind what it says
/// @param call the id of the call at its caller
/// @param sequence its number in the stream, from 1; 0 for the answer of a unary call
/// @param payload the serialised message, or empty
/// @param headers metadata and status, which make the frame travel alone; null for none
/// @param subject where the frame goes when it travels alone
@SuppressWarnings("ArrayRecordComponent") // frames are never compared
record Frame(
    Kind kind,
    long call,
    long sequence,
    byte[] payload,
    @Nullable HeaderBlock headers,
    String subject) {

  /// What a frame says, with the octet that says so in a batch.
  enum Kind {
    /// The one message of a unary call, which ended well.
    REPLY(0),
    /// A message of a stream.
    MESSAGE(1),
    /// A stream ended well.
    END(2),
    /// A silent stream lives; the sequence is that of its last frame.
    BEAT(3),
    /// Anything with headers: status, metadata or both. Travels alone, never in a batch.
    HEADERS(-1);

    final int octet;

    Kind(int octet) {
      this.octet = octet;
    }

    /// Returns the kind of a frame in a batch, or null when there is none of this octet.
    static @Nullable Kind of(int octet) {
      return switch (octet) {
        case 0 -> REPLY;
        case 1 -> MESSAGE;
        case 2 -> END;
        case 3 -> BEAT;
        default -> null;
      };
    }
  }
}
