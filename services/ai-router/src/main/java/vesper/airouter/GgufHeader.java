package vesper.airouter;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalInt;

/// What the header of a GGUF file says, versions 2 and 3 (format: github.com/ggml-org/ggml,
/// docs/gguf.md).
final class GgufHeader {
  private static final int MAGIC = 0x46554747;
  private static final int MOST_ENTRIES = 65_536;
  private static final long LONGEST_KEY = 65_535;
  private static final long LARGEST_HEADER = 256L * 1024 * 1024;
  private static final int STRING = 8;
  private static final int ARRAY = 9;
  private static final String CONTEXT = ".context_length";

  private final InputStream in;
  private long left = LARGEST_HEADER;

  private GgufHeader(InputStream in) {
    this.in = in;
  }

  /// Returns the context that the model was made for; empty when the header does not say.
  ///
  /// @throws IOException when the file cannot be read or is no GGUF file
  static OptionalInt contextTokens(Path file) throws IOException {
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 16)) {
      return new GgufHeader(in).contextTokens();
    }
  }

  private OptionalInt contextTokens() throws IOException {
    if (int32() != MAGIC) {
      throw new NotGguf("the file is no GGUF model");
    }
    int version = int32();
    if (version < 2 || version > 3) {
      throw new NotGguf("GGUF version " + version + " is not known");
    }
    int64();
    long entries = int64();
    if (entries < 0 || entries > MOST_ENTRIES) {
      throw new NotGguf("the header is damaged");
    }
    for (long entry = 0; entry < entries; entry++) {
      String key = key();
      int type = int32();
      if (key.endsWith(CONTEXT) && (type == 4 || type == 5 || type == 10 || type == 11)) {
        long tokens = type < ARRAY ? Integer.toUnsignedLong(int32()) : int64();
        return tokens > 0 && tokens <= Integer.MAX_VALUE
            ? OptionalInt.of((int) tokens)
            : OptionalInt.empty();
      }
      skipValue(type);
    }
    return OptionalInt.empty();
  }

  private void skipValue(int type) throws IOException {
    switch (type) {
      case STRING -> skip(int64());
      case ARRAY -> skipArray();
      default -> skip(size(type));
    }
  }

  private void skipArray() throws IOException {
    int type = int32();
    long length = int64();
    if (type == ARRAY || length < 0) {
      throw new NotGguf("the header is damaged");
    }
    if (type == STRING) {
      for (long item = 0; item < length; item++) {
        skip(int64());
      }
    } else {
      skip(Math.multiplyExact(Math.min(length, LARGEST_HEADER), size(type)));
    }
  }

  private static long size(int type) throws NotGguf {
    return switch (type) {
      case 0, 1, 7 -> Byte.BYTES;
      case 2, 3 -> Short.BYTES;
      case 4, 5, 6 -> Integer.BYTES;
      case 10, 11, 12 -> Long.BYTES;
      default -> throw new NotGguf("the header is damaged");
    };
  }

  private String key() throws IOException {
    long length = int64();
    if (length < 0 || length > LONGEST_KEY) {
      throw new NotGguf("the header is damaged");
    }
    return new String(bytes((int) length), StandardCharsets.UTF_8);
  }

  private int int32() throws IOException {
    return ByteBuffer.wrap(bytes(Integer.BYTES)).order(ByteOrder.LITTLE_ENDIAN).getInt();
  }

  private long int64() throws IOException {
    return ByteBuffer.wrap(bytes(Long.BYTES)).order(ByteOrder.LITTLE_ENDIAN).getLong();
  }

  private byte[] bytes(int count) throws IOException {
    spend(count);
    byte[] bytes = in.readNBytes(count);
    if (bytes.length < count) {
      throw new NotGguf("the file ends within its header");
    }
    return bytes;
  }

  private void skip(long count) throws IOException {
    spend(count);
    try {
      in.skipNBytes(count);
    } catch (EOFException end) {
      throw new NotGguf("the file ends within its header");
    }
  }

  private void spend(long count) throws NotGguf {
    if (count < 0 || count > left) {
      throw new NotGguf("the header is damaged");
    }
    left -= count;
  }

  /// A file that is no GGUF model; its message is for people.
  static final class NotGguf extends IOException {
    private static final long serialVersionUID = 1;

    NotGguf(String message) {
      super(message);
    }
  }
}
