package vesper.bench.fuzz;

import java.util.List;
import java.util.random.RandomGenerator;

/// Values that programs tend to trip over. None looks like text of the system's inside, so that an
/// answer may quote them.
final class Oddities {
  private static final List<String> TEXTS =
      List.of(
          "",
          " ",
          "\0",
          "a\0b",
          "\ud800",
          "\udc00x",
          "\uffff",
          "\u202eabc",
          "\u200b",
          "e\u0301e\u0301",
          "\ud83d\udc7b\ud83d\udc7b",
          "../../../..",
          "..%2f..%2f",
          "%00",
          "%",
          "' or '1'='1",
          "\"; --",
          "${x}",
          "{{7*7}}",
          "#{1+1}",
          "<b>x</b>",
          "a\r\nx-injected: 1",
          "\t\n",
          "-1",
          "0",
          "007",
          "1e400",
          "NaN",
          "Infinity",
          "-0",
          "9223372036854775808",
          "18446744073709551616",
          "null",
          "true",
          "[]",
          "{}",
          "2026-13-45T99:99:99Z",
          "0000-00-00T00:00:00Z",
          "10000-01-01T00:00:00Z",
          "-9999999999999s",
          "1.0000000001s",
          "UPPER",
          "with space",
          "a/b",
          "a:b",
          "a*b",
          "*",
          ">",
          "a.b",
          ".",
          "..",
          "_",
          "-",
          "\u0130\u0131",
          "\ufeffbom");

  private static final List<String> NUMBERS =
      List.of(
          "0",
          "-0",
          "-1",
          "1.5",
          "1e3",
          "1e400",
          "-1e400",
          "2147483647",
          "2147483648",
          "-2147483649",
          "9223372036854775807",
          "9223372036854775808",
          "1e-400",
          "0.1e1",
          "123456789012345678901234567890");

  private static final String LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789-_.:";

  private Oddities() {}

  static String text(RandomGenerator random) {
    return switch (random.nextInt(10)) {
      case 0 -> "a".repeat(1 << random.nextInt(14));
      case 1 -> "\u00e9".repeat(random.nextInt(2_000));
      case 2 -> anyCharacters(random, random.nextInt(40));
      case 3 -> id(random);
      default -> pick(TEXTS, random);
    };
  }

  /// A number as JSON may write it, or not quite.
  static String number(RandomGenerator random) {
    return pick(NUMBERS, random);
  }

  /// An id that nothing has.
  static String id(RandomGenerator random) {
    StringBuilder id = new StringBuilder();
    for (int i = 1 + random.nextInt(48); i > 0; i--) {
      id.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
    }
    return id.toString();
  }

  static byte[] bytes(RandomGenerator random, int most) {
    byte[] bytes = new byte[random.nextInt(most + 1)];
    random.nextBytes(bytes);
    return bytes;
  }

  static <T> T pick(List<T> list, RandomGenerator random) {
    return list.get(random.nextInt(list.size()));
  }

  private static String anyCharacters(RandomGenerator random, int count) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < count; i++) {
      text.append((char) random.nextInt(Character.MAX_VALUE + 1));
    }
    return text.toString();
  }
}
