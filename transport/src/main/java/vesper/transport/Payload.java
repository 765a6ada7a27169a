package vesper.transport;

import io.grpc.KnownLength;
import io.grpc.MethodDescriptor.Marshaller;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/// The bytes of one message, possibly a part of a larger array.
@SuppressWarnings("ArrayRecordComponent") // payloads are never compared
record Payload(byte[] array, int offset, int length) {

  Payload(byte[] array) {
    this(array, 0, array.length);
  }

  /// Serialises a message.
  static <T> byte[] write(Marshaller<T> marshaller, T message) {
    try (InputStream in = marshaller.stream(message)) {
      if (in instanceof KnownLength || in instanceof ByteArrayInputStream) {
        byte[] bytes = new byte[in.available()];
        int read = in.readNBytes(bytes, 0, bytes.length);
        if (read != bytes.length) {
          throw new IllegalStateException("a marshaller wrote fewer bytes than it announced");
        }
        return bytes;
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Returns a message's size as far as its marshaller knows it before it writes, else 0.
  static <T> int size(Marshaller<T> marshaller, T message) {
    try (InputStream in = marshaller.stream(message)) {
      return in instanceof KnownLength || in instanceof ByteArrayInputStream ? in.available() : 0;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Reads a message.
  <T> T read(Marshaller<T> marshaller) {
    return marshaller.parse(new KnownLengthInput(array, offset, length));
  }

  private static final class KnownLengthInput extends ByteArrayInputStream implements KnownLength {
    KnownLengthInput(byte[] array, int offset, int length) {
      super(array, offset, length);
    }
  }
}
