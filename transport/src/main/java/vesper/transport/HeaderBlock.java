package vesper.transport;

import io.nats.client.impl.Headers;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Outgoing NATS headers that are bytes already, so that the client library neither collects,
/// checks nor copies them again.
final class HeaderBlock extends Headers {
  private static final byte[] VERSION = ascii("NATS/1.0\r\n");
  private static final byte[] NONE = {};
  private static final byte[] LINE_END = ascii("\r\n");

  private final byte[] bytes;
  private final int size;

  private HeaderBlock(byte[] bytes, int size) {
    super(null, true);
    this.bytes = bytes;
    this.size = size;
  }

  /// Collects lines. Names and values must be printable ASCII already.
  static final class Builder {
    private byte[] bytes = new byte[1024];
    private int size;

    Builder() {
      append(VERSION);
    }

    /// Adds a line.
    ///
    /// @param prefix what stands before the name
    Builder add(byte[] prefix, byte[] name, byte[] value) {
      int needed = size + prefix.length + name.length + value.length + 2 * LINE_END.length + 1;
      if (needed > bytes.length) {
        bytes = Arrays.copyOf(bytes, Math.max(needed, bytes.length * 2));
      }
      append(prefix);
      append(name);
      bytes[size++] = ':';
      append(value);
      append(LINE_END);
      return this;
    }

    Builder add(byte[] name, String value) {
      return add(NONE, name, ascii(value));
    }

    private void append(byte[] more) {
      System.arraycopy(more, 0, bytes, size, more.length);
      size += more.length;
    }

    HeaderBlock build() {
      append(LINE_END);
      return new HeaderBlock(bytes, size);
    }
  }

  static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  @Override
  public boolean isEmpty() {
    return false;
  }

  @Override
  public int serializedLength() {
    return size;
  }

  @Override
  public int serializeToArray(int destPosition, byte[] dest) {
    System.arraycopy(bytes, 0, dest, destPosition, size);
    return size;
  }

  @Override
  public byte[] getSerialized() {
    return Arrays.copyOf(bytes, size);
  }
}
