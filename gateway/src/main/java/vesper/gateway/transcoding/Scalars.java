package vesper.gateway.transcoding;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.EnumDescriptor;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import vesper.runtime.Suggestions;

/// Values of fields that are no messages, from text: from a path, a query or a JSON string or
/// number.
final class Scalars {
  private static final int LONGEST_NUMBER = 400;
  private static final int LISTED_NAMES = 12;
  private static final BigInteger MAX_UINT64 = BigInteger.TWO.pow(64).subtract(BigInteger.ONE);

  private Scalars() {}

  /// Returns the value in the form that protobuf's builders take.
  static Object parse(FieldDescriptor field, String text) throws Unreadable {
    return switch (field.getType()) {
      case INT32, SINT32, SFIXED32 -> (int) integer(text, Integer.MIN_VALUE, Integer.MAX_VALUE);
      case UINT32, FIXED32 -> (int) integer(text, 0, 0xFFFF_FFFFL);
      case INT64, SINT64, SFIXED64 -> integer(text, Long.MIN_VALUE, Long.MAX_VALUE);
      case UINT64, FIXED64 -> unsigned(text);
      case FLOAT -> single(text);
      case DOUBLE -> number(text);
      case BOOL -> bool(text);
      case STRING -> wellFormed(text);
      case BYTES -> bytes(text);
      case ENUM -> enumValue(field.getEnumType(), text);
      case MESSAGE, GROUP -> throw new IllegalArgumentException(field.getFullName());
    };
  }

  private static long integer(String text, long min, long max) throws Unreadable {
    if (isDigits(text)) {
      long value = Long.parseLong(text);
      if (value >= min && value <= max) {
        return value;
      }
    } else {
      BigInteger value = whole(text);
      if (value != null
          && value.compareTo(BigInteger.valueOf(min)) >= 0
          && value.compareTo(BigInteger.valueOf(max)) <= 0) {
        return value.longValueExact();
      }
    }
    throw new Unreadable("must be a whole number from " + min + " to " + max);
  }

  private static long unsigned(String text) throws Unreadable {
    BigInteger value = whole(text);
    if (value == null || value.signum() < 0 || value.compareTo(MAX_UINT64) > 0) {
      throw new Unreadable("must be a whole number from 0 to " + MAX_UINT64);
    }
    return value.longValue();
  }

  private static boolean isDigits(String text) {
    if (text.isEmpty() || text.length() > 18) {
      return false;
    }
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) < '0' || text.charAt(i) > '9') {
        return false;
      }
    }
    return true;
  }

  // The exponent is bounded before any digits are written out.
  private static @Nullable BigInteger whole(String text) {
    if (!isNumber(text)) {
      return null;
    }
    BigDecimal value = new BigDecimal(text);
    if (value.signum() == 0) {
      return BigInteger.ZERO;
    }
    if (value.precision() - (long) value.scale() > 20 || value.stripTrailingZeros().scale() > 0) {
      return null;
    }
    return value.toBigIntegerExact();
  }

  private static double number(String text) throws Unreadable {
    return switch (text) {
      case "NaN" -> Double.NaN;
      case "Infinity" -> Double.POSITIVE_INFINITY;
      case "-Infinity" -> Double.NEGATIVE_INFINITY;
      default -> finite(text);
    };
  }

  private static double finite(String text) throws Unreadable {
    if (!isNumber(text)) {
      throw new Unreadable("must be a number");
    }
    double value = Double.parseDouble(text);
    if (Double.isInfinite(value)) {
      throw new Unreadable("must be a number of at most " + Double.MAX_VALUE);
    }
    return value;
  }

  private static float single(String text) throws Unreadable {
    double value = number(text);
    float narrow = (float) value;
    if (Float.isInfinite(narrow) && !Double.isInfinite(value)) {
      throw new Unreadable("must be a number of at most " + Float.MAX_VALUE);
    }
    return narrow;
  }

  /// Whether a text is a number as JSON writes it, with an exponent of at most four digits.
  static boolean isNumber(String text) {
    if (text.length() > LONGEST_NUMBER) {
      return false;
    }
    int end = JsonScanner.number(text, 0);
    if (end != text.length()) {
      return false;
    }
    int exponent = Math.max(text.indexOf('e'), text.indexOf('E'));
    return exponent < 0 || end - exponent <= 6;
  }

  private static boolean bool(String text) throws Unreadable {
    return switch (text) {
      case "true" -> true;
      case "false" -> false;
      default -> throw new Unreadable("must be true or false");
    };
  }

  private static String wellFormed(String text) throws Unreadable {
    for (int i = 0; i < text.length(); i++) {
      if (Character.isSurrogate(text.charAt(i))) {
        if (!Character.isSurrogatePair(
            text.charAt(i), i + 1 < text.length() ? text.charAt(i + 1) : ' ')) {
          throw new Unreadable("has half of a surrogate pair");
        }
        i++;
      }
    }
    return text;
  }

  private static ByteString bytes(String text) throws Unreadable {
    boolean url = text.indexOf('-') >= 0 || text.indexOf('_') >= 0;
    Base64.Decoder decoder = url ? Base64.getUrlDecoder() : Base64.getDecoder();
    try {
      return ByteString.copyFrom(decoder.decode(text));
    } catch (IllegalArgumentException e) {
      throw new Unreadable("must be base64");
    }
  }

  private static EnumValueDescriptor enumValue(EnumDescriptor type, String text) throws Unreadable {
    EnumValueDescriptor value = type.findValueByName(text);
    if (value == null && isNumber(text)) {
      value = type.findValueByNumber((int) integer(text, Integer.MIN_VALUE, Integer.MAX_VALUE));
    }
    if (value == null) {
      List<String> names = type.getValues().stream().map(EnumValueDescriptor::getName).toList();
      String some = names.stream().limit(LISTED_NAMES).collect(Collectors.joining(", "));
      throw new Unreadable(
          "must be one of "
              + some
              + (names.size() > LISTED_NAMES ? ", …" : "")
              + Suggestions.didYouMean(text, names));
    }
    return value;
  }
}
