package vesper.gateway.transcoding;

import com.google.protobuf.MessageOrBuilder;
import com.google.protobuf.util.JsonFormat;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;

/// UTF-8 text that grows, with messages printed into it as JSON: lowerCamelCase names, fields
/// without presence printed even when they have their default, 64-bit numbers as strings, one line.
///
/// protobuf's printer writes `'`, `<`, `>`, `&` and `=` as numbers, for the sake of pages that
/// paste JSON into HTML; here they stay readable.
public final class JsonReply implements Appendable {
  private static final JsonFormat.Printer PRINTER =
      JsonFormat.printer().alwaysPrintFieldsWithNoPresence().omittingInsignificantWhitespace();
  private static final int ESCAPE = 6;
  private static final String HEX = "0123456789abcdef";
  private static final String READABLE = "'<>&=";
  private static final int LONGEST_CHARACTER = 4;

  private byte[] bytes;
  private int length;

  /// An empty text with room for some bytes.
  public JsonReply(int room) {
    bytes = new byte[room];
  }

  /// Appends a message.
  public JsonReply print(MessageOrBuilder message) {
    try {
      PRINTER.appendTo(message, this);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return this;
  }

  /// Appends ASCII text as it is.
  public JsonReply text(String ascii) {
    reserve(ascii.length());
    for (int i = 0; i < ascii.length(); i++) {
      bytes[length++] = (byte) ascii.charAt(i);
    }
    return this;
  }

  /// Appends bytes as they are.
  public JsonReply bytes(byte[] more) {
    reserve(more.length);
    System.arraycopy(more, 0, bytes, length, more.length);
    length += more.length;
    return this;
  }

  /// Number of bytes so far.
  public int length() {
    return length;
  }

  /// The bytes so far.
  public byte[] toBytes() {
    return length == bytes.length ? bytes : Arrays.copyOf(bytes, length);
  }

  @Override
  public JsonReply append(CharSequence text) {
    return append(text, 0, text.length());
  }

  @Override
  public JsonReply append(char c) {
    return append(String.valueOf(c), 0, 1);
  }

  @Override
  public JsonReply append(CharSequence text, int start, int end) {
    reserve(end - start);
    for (int i = start; i < end; i++) {
      reserve(LONGEST_CHARACTER);
      char c = text.charAt(i);
      if (c == '\\' && i + 1 < end) {
        int plain = i + ESCAPE <= end ? unescaped(text, i) : 0;
        if (plain != 0) {
          bytes[length++] = (byte) plain;
          i += ESCAPE - 1;
        } else {
          // The escape and what it escapes, so that `\\u0027` stays a backslash and text.
          bytes[length++] = '\\';
          bytes[length++] = (byte) text.charAt(++i);
        }
      } else if (c < 0x80) {
        bytes[length++] = (byte) c;
      } else {
        i += encode(Character.codePointAt(text, i));
      }
    }
    return this;
  }

  // Returns how many more chars than one the character had.
  private int encode(int character) {
    if (character < 0x800) {
      bytes[length++] = (byte) (0xc0 | (character >> 6));
    } else {
      if (character < 0x10000) {
        bytes[length++] = (byte) (0xe0 | (character >> 12));
      } else {
        bytes[length++] = (byte) (0xf0 | (character >> 18));
        bytes[length++] = (byte) (0x80 | ((character >> 12) & 0x3f));
      }
      bytes[length++] = (byte) (0x80 | ((character >> 6) & 0x3f));
    }
    bytes[length++] = (byte) (0x80 | (character & 0x3f));
    return Character.charCount(character) - 1;
  }

  private static int unescaped(CharSequence text, int at) {
    if (text.charAt(at + 1) != 'u' || text.charAt(at + 2) != '0' || text.charAt(at + 3) != '0') {
      return 0;
    }
    int letter = HEX.indexOf(text.charAt(at + 5));
    int code = (text.charAt(at + 4) - '0') * 16 + letter;
    return letter >= 0 && READABLE.indexOf(code) >= 0 ? code : 0;
  }

  private void reserve(int more) {
    if (bytes.length - length < more) {
      bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + more));
    }
  }
}
