package vesper.transport;

import io.grpc.InternalMetadata;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.nats.client.impl.Headers;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Metadata and status as NATS headers.
///
/// Metadata keys stay as they are, lower case; values of `-bin` keys are base64 without padding.
/// Names of the transport's own begin with a capital, which metadata keys cannot: `Grpc-Status`,
/// `Grpc-Message` (percent-coded), `Seq` and `Trailer-<key>`. Other capitalised names are ignored.
final class HeaderCodec {
  /// The most bytes of metadata in one message, both sent and accepted.
  static final int MAX_BYTES = 32 * 1024;

  private static final String TIMEOUT = "grpc-timeout";
  private static final String STATUS = "Grpc-Status";
  private static final String MESSAGE = "Grpc-Message";
  private static final String SEQUENCE = "Seq";
  private static final String TRAILER = "Trailer-";
  private static final byte[] STATUS_BYTES = HeaderBlock.ascii(STATUS);
  private static final byte[] MESSAGE_BYTES = HeaderBlock.ascii(MESSAGE);
  private static final byte[] SEQUENCE_BYTES = HeaderBlock.ascii(SEQUENCE);
  private static final byte[] NO_PREFIX = {};
  private static final byte[] TRAILER_BYTES = HeaderBlock.ascii(TRAILER);
  private static final byte[] BINARY_SUFFIX = HeaderBlock.ascii(Metadata.BINARY_HEADER_SUFFIX);
  private static final byte[] TIMEOUT_BYTES = HeaderBlock.ascii(TIMEOUT);
  private static final char[] HEX = "0123456789ABCDEF".toCharArray();

  private HeaderCodec() {}

  /// Returns the header block of a request, or null when there is no metadata.
  ///
  /// @throws StatusRuntimeException INTERNAL for a value that is not printable ASCII,
  ///   RESOURCE_EXHAUSTED for too much of it
  static @Nullable HeaderBlock request(Metadata metadata) {
    if (InternalMetadata.headerCount(metadata) == 0) {
      return null;
    }
    HeaderBlock.Builder block = new HeaderBlock.Builder();
    addAll(block, NO_PREFIX, metadata);
    return checked(block.build());
  }

  /// Returns the header block of a response frame.
  ///
  /// @param sequence the frame's number in its stream, or 0 outside of streams
  /// @param status the end of the call, or null when the frame carries only headers
  /// @throws StatusRuntimeException as [#request] does
  static HeaderBlock response(
      long sequence, Metadata headers, @Nullable Status status, Metadata trailers) {
    HeaderBlock.Builder block = new HeaderBlock.Builder();
    if (status != null) {
      block.add(STATUS_BYTES, Integer.toString(status.getCode().value()));
      String description = status.getDescription();
      if (description != null) {
        block.add(MESSAGE_BYTES, percentEncode(description));
      }
    }
    if (sequence > 0) {
      block.add(SEQUENCE_BYTES, Long.toString(sequence));
    }
    addAll(block, NO_PREFIX, headers);
    addAll(block, TRAILER_BYTES, trailers);
    return checked(block.build());
  }

  /// Returns the metadata of a request or the headers of a response.
  ///
  /// @throws StatusRuntimeException INVALID_ARGUMENT for broken base64, RESOURCE_EXHAUSTED for too
  ///   much metadata
  static Metadata metadata(@Nullable Headers headers) {
    return headers == null ? new Metadata() : collect(headers, "");
  }

  /// Returns how long the caller of a request waits, in nanoseconds.
  ///
  /// @param otherwise what to return when the headers do not say
  static long timeout(@Nullable Headers headers, long otherwise) {
    String text = headers == null ? null : headers.getFirst(TIMEOUT);
    long timeout = text == null ? -1 : CallAddress.parseTimeout(text, 0);
    return timeout < 0 ? otherwise : timeout;
  }

  /// Returns the trailers of a response.
  ///
  /// @throws StatusRuntimeException as [#metadata] does
  static Metadata trailers(Headers headers) {
    return collect(headers, TRAILER);
  }

  /// Returns the status that ends the call, or null when the frame is not its end.
  static @Nullable Status status(Headers headers) {
    String code = headers.getFirst(STATUS);
    if (code == null) {
      return null;
    }
    long value = number(code);
    Status status =
        value < 0 || value > 16
            ? Status.UNKNOWN.withDescription("the answer carries no known status code")
            : Status.fromCodeValue((int) value);
    String message = headers.getFirst(MESSAGE);
    return message == null ? status : status.withDescription(percentDecode(message));
  }

  /// Returns the frame's number in its stream, or 0 when it has none.
  static long sequence(Headers headers) {
    String text = headers.getFirst(SEQUENCE);
    return text == null ? 0 : Math.max(0, number(text));
  }

  private static HeaderBlock checked(HeaderBlock block) {
    if (block.serializedLength() > MAX_BYTES) {
      throw tooLarge();
    }
    return block;
  }

  private static StatusRuntimeException tooLarge() {
    return Status.RESOURCE_EXHAUSTED
        .withDescription("metadata is larger than %d bytes".formatted(MAX_BYTES))
        .asRuntimeException();
  }

  private static void addAll(HeaderBlock.Builder block, byte[] prefix, Metadata metadata) {
    byte[][] pairs = InternalMetadata.serialize(metadata);
    for (int i = 0; i + 1 < pairs.length; i += 2) {
      byte[] name = pairs[i];
      byte[] value = pairs[i + 1];
      if (endsWith(name, BINARY_SUFFIX)) {
        value = Base64.getEncoder().withoutPadding().encode(value);
      } else if (!isPrintable(value)) {
        throw Status.INTERNAL
            .withDescription(
                "metadata '%s' has a value that is not printable ASCII"
                    .formatted(new String(name, StandardCharsets.US_ASCII)))
            .asRuntimeException();
      }
      if (!Arrays.equals(name, TIMEOUT_BYTES)) {
        block.add(prefix, name, value);
      }
    }
  }

  private static Metadata collect(Headers headers, String prefix) {
    if (headers.serializedLength() > MAX_BYTES) {
      throw tooLarge();
    }
    List<byte[]> pairs = new ArrayList<>(2 * headers.size());
    for (Map.Entry<String, List<String>> entry : headers.entrySet()) {
      String name = entry.getKey();
      if (name.startsWith(prefix) && isMetadataKey(name, prefix.length())) {
        String key = name.substring(prefix.length());
        for (String value : entry.getValue()) {
          pairs.add(HeaderBlock.ascii(key));
          pairs.add(
              key.endsWith(Metadata.BINARY_HEADER_SUFFIX)
                  ? decodeBinary(key, value)
                  : HeaderBlock.ascii(value));
        }
      }
    }
    return InternalMetadata.newMetadata(pairs.toArray(byte[][]::new));
  }

  private static byte[] decodeBinary(String key, String value) {
    try {
      return Base64.getDecoder().decode(value);
    } catch (IllegalArgumentException e) {
      throw Status.INVALID_ARGUMENT
          .withDescription("metadata '%s' is not base64".formatted(key))
          .asRuntimeException();
    }
  }

  private static boolean isMetadataKey(String name, int from) {
    for (int i = from; i < name.length(); i++) {
      char c = name.charAt(i);
      boolean allowed =
          (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
      if (!allowed) {
        return false;
      }
    }
    return name.length() > from && !name.equals(TIMEOUT);
  }

  private static boolean isPrintable(byte[] value) {
    for (byte b : value) {
      if (b < ' ' || b > '~') {
        return false;
      }
    }
    return true;
  }

  private static boolean endsWith(byte[] name, byte[] suffix) {
    int offset = name.length - suffix.length;
    return offset >= 0 && Arrays.equals(name, offset, name.length, suffix, 0, suffix.length);
  }

  private static long number(String text) {
    if (text.isEmpty() || text.length() > 18) {
      return -1;
    }
    long number = 0;
    for (int i = 0; i < text.length(); i++) {
      int digit = text.charAt(i) - '0';
      if (digit < 0 || digit > 9) {
        return -1;
      }
      number = number * 10 + digit;
    }
    return number;
  }

  /// Writes text as printable ASCII: other bytes of its UTF-8 form and `%` become `%XX`.
  static String percentEncode(String text) {
    StringBuilder out = new StringBuilder(text.length() + 16);
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      if (b >= ' ' && b <= '~' && b != '%') {
        out.append((char) b);
      } else {
        out.append('%').append(HEX[(b >> 4) & 0xF]).append(HEX[b & 0xF]);
      }
    }
    return out.toString();
  }

  /// Reads what [#percentEncode] wrote; a broken escape stays as it is.
  static String percentDecode(String text) {
    if (text.indexOf('%') < 0) {
      return text;
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream(text.length());
    int i = 0;
    while (i < text.length()) {
      char c = text.charAt(i);
      int high = c == '%' && i + 2 < text.length() ? Character.digit(text.charAt(i + 1), 16) : -1;
      int low = high >= 0 ? Character.digit(text.charAt(i + 2), 16) : -1;
      if (low >= 0) {
        out.write(high * 16 + low);
        i += 3;
      } else {
        out.write(c);
        i++;
      }
    }
    return out.toString(StandardCharsets.UTF_8);
  }
}
