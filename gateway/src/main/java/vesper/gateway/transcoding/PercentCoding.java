package vesper.gateway.transcoding;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/// Percent-decoding of path segments and query parameters (RFC 3986), strict: a lone `%` or bytes
/// that are no UTF-8 are malformed.
final class PercentCoding {
  private PercentCoding() {}

  /// Decodes one segment of a path.
  static String decodeSegment(String text) throws Unreadable {
    return decode(text, false, false);
  }

  /// Decodes one of several segments that make up a value: an encoded slash stays encoded, else it
  /// could not be told from the slash between segments.
  static String decodeJoined(String text) throws Unreadable {
    return decode(text, false, true);
  }

  /// Decodes a name or value of a query, where `+` is a blank.
  static String decodeQuery(String text) throws Unreadable {
    return decode(text, true, false);
  }

  private static String decode(String text, boolean plusIsBlank, boolean keepSlash)
      throws Unreadable {
    boolean plain = true;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c <= ' ' || c >= 0x7f) {
        throw new Unreadable("has a character that must be percent-encoded");
      }
      plain &= c != '%' && (c != '+' || !plusIsBlank);
    }
    if (plain) {
      return text;
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '%') {
        int value = octet(text, i);
        if (keepSlash && value == '/') {
          bytes.writeBytes(text.substring(i, i + 3).getBytes(StandardCharsets.US_ASCII));
        } else {
          bytes.write(value);
        }
        i += 2;
      } else {
        bytes.write(c == '+' && plusIsBlank ? ' ' : c);
      }
    }
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(bytes.toByteArray()))
          .toString();
    } catch (CharacterCodingException e) {
      throw new Unreadable("is not UTF-8");
    }
  }

  private static int octet(String text, int percent) throws Unreadable {
    if (percent + 2 >= text.length()
        || !HexFormat.isHexDigit(text.charAt(percent + 1))
        || !HexFormat.isHexDigit(text.charAt(percent + 2))) {
      throw new Unreadable("has a '%' without two hexadecimal digits");
    }
    return HexFormat.fromHexDigits(text, percent + 1, percent + 3);
  }
}
