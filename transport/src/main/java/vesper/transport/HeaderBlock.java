package vesper.transport;

import io.nats.client.impl.Headers;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/// Outgoing NATS headers that are bytes already, so that the client library neither collects,
/// checks nor copies them again.
final class HeaderBlock extends Headers {
  private static final byte[] VERSION = ascii("NATS/1.0\r\n");
  private static final byte[] LINE_END = ascii("\r\n");

  private final byte[] bytes;

  private HeaderBlock(byte[] bytes) {
    super(null, true);
    this.bytes = bytes;
  }

  /// Collects lines. Names and values must be printable ASCII already.
  static final class Builder {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream(256);

    Builder() {
      out.writeBytes(VERSION);
    }

    Builder add(byte[] name, byte[] value) {
      out.writeBytes(name);
      out.write(':');
      out.writeBytes(value);
      out.writeBytes(LINE_END);
      return this;
    }

    Builder add(String name, String value) {
      return add(ascii(name), ascii(value));
    }

    HeaderBlock build() {
      out.writeBytes(LINE_END);
      return new HeaderBlock(out.toByteArray());
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
    return bytes.length;
  }

  @Override
  public int serializeToArray(int destPosition, byte[] dest) {
    System.arraycopy(bytes, 0, dest, destPosition, bytes.length);
    return bytes.length;
  }

  @Override
  public byte[] getSerialized() {
    return bytes.clone();
  }
}
