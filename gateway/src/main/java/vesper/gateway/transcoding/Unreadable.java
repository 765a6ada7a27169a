package vesper.gateway.transcoding;

/// A text that is no value of the wanted type. The message completes "the value …" and reaches the
/// client.
final class Unreadable extends Exception {
  private static final long serialVersionUID = 1L;

  Unreadable(String message) {
    super(message, null, false, false);
  }

  /// What is wrong, for the client.
  String complaint() {
    return String.valueOf(getMessage());
  }
}
