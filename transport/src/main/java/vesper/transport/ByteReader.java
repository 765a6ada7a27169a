package vesper.transport;

/// Reads what [ByteWriter] wrote. Whatever the bytes, it stays within them.
final class ByteReader {
  private final byte[] bytes;
  private int position;

  ByteReader(byte[] bytes) {
    this.bytes = bytes;
  }

  int position() {
    return position;
  }

  int remaining() {
    return bytes.length - position;
  }

  /// Returns the next byte, or -1 at the end.
  int octet() {
    return position < bytes.length ? bytes[position++] : -1;
  }

  /// Returns the next number, or -1 when there is none.
  long varint() {
    long value = 0;
    for (int shift = 0; shift < 63 && position < bytes.length; shift += 7) {
      byte b = bytes[position++];
      value |= (long) (b & 0x7F) << shift;
      if (b >= 0) {
        return value;
      }
    }
    return -1;
  }

  /// Returns the next bytes without copying them. The caller has checked that they are there.
  Payload slice(int length) {
    Payload slice = new Payload(bytes, position, length);
    position += length;
    return slice;
  }
}
