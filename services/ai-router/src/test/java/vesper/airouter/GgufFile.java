package vesper.airouter;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/// Writes headers of GGUF files.
final class GgufFile {
  private final int version;
  private final ByteArrayOutputStream body = new ByteArrayOutputStream();
  private long entries;

  private GgufFile(int version) {
    this.version = version;
  }

  static GgufFile of(int version) {
    return new GgufFile(version);
  }

  /// A header as models have it.
  static byte[] model(int context) {
    return of(3)
        .text("general.architecture", "llama")
        .key("general.quantization_version")
        .type(4)
        .int32(2)
        .key("tokenizer.ggml.tokens")
        .type(9)
        .type(8)
        .length(2)
        .string("a")
        .string("bc")
        .key("tokenizer.ggml.scores")
        .type(9)
        .type(6)
        .length(2)
        .int32(0)
        .int32(0)
        .key("flags")
        .type(7)
        .raw(new byte[] {1})
        .key("small")
        .type(3)
        .raw(new byte[] {1, 0})
        .key("llama.context_length")
        .type(4)
        .int32(context)
        .bytes();
  }

  GgufFile context(String architecture, long tokens) {
    return key(architecture + ".context_length").type(10).length(tokens);
  }

  GgufFile text(String key, String value) {
    return key(key).type(8).string(value);
  }

  GgufFile key(String key) {
    entries++;
    return string(key);
  }

  GgufFile entries(long count) {
    entries = count;
    return this;
  }

  GgufFile type(int type) {
    return int32(type);
  }

  GgufFile length(long length) {
    return raw(le(Long.BYTES).putLong(length).array());
  }

  GgufFile int32(int value) {
    return raw(le(Integer.BYTES).putInt(value).array());
  }

  GgufFile string(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return length(bytes.length).raw(bytes);
  }

  GgufFile raw(byte[] bytes) {
    body.writeBytes(bytes);
    return this;
  }

  byte[] bytes() {
    byte[] rest = body.toByteArray();
    return le(24 + rest.length)
        .put("GGUF".getBytes(StandardCharsets.US_ASCII))
        .putInt(version)
        .putLong(0)
        .putLong(entries)
        .put(rest)
        .array();
  }

  private static ByteBuffer le(int size) {
    return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
  }
}
