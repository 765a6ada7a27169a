package vesper.runtime;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// How the texts of one type of setting are read.
///
/// @param expected what a text must be, for people
/// @param parse returns the value or throws IllegalArgumentException or ArithmeticException
record SettingValue(String expected, Function<String, Object> parse) {
  private static final Pattern DURATION = Pattern.compile("(\\d{1,9})(ms|s|m|h|d)");
  private static final Pattern SIZE = Pattern.compile("(\\d{1,12})(B|KiB|MiB|GiB)");
  private static final Map<String, Integer> SHIFTS =
      Map.of("B", 0, "KiB", 10, "MiB", 20, "GiB", 30);

  private static final Map<Type, SettingValue> KNOWN =
      Map.ofEntries(
          Map.entry(String.class, new SettingValue("a text", text -> text)),
          Map.entry(boolean.class, new SettingValue("true or false", SettingValue::bool)),
          Map.entry(int.class, new SettingValue("a whole number", Integer::valueOf)),
          Map.entry(long.class, new SettingValue("a whole number", Long::valueOf)),
          Map.entry(double.class, new SettingValue("a number", SettingValue::number)),
          Map.entry(
              Duration.class,
              new SettingValue(
                  "a duration such as 500ms, 30s, 15m, 24h or 7d", SettingValue::duration)),
          Map.entry(
              Bytes.class,
              new SettingValue("a size such as 512B, 64KiB or 8GiB", SettingValue::size)),
          Map.entry(Path.class, new SettingValue("a path", Path::of)),
          Map.entry(URI.class, new SettingValue("a URI", URI::create)),
          Map.entry(Secret.class, new SettingValue("a secret text", Secret::new)));

  /// Returns how a type is read.
  ///
  /// @throws IllegalArgumentException for a type that settings cannot have
  static SettingValue of(Type type) {
    SettingValue known = KNOWN.get(type);
    if (known != null) {
      return known;
    }
    if (type instanceof Class<?> raw && raw.isEnum()) {
      return constant(raw);
    }
    if (type instanceof ParameterizedType generic) {
      SettingValue element = of(generic.getActualTypeArguments()[0]);
      if (generic.getRawType() == List.class) {
        return new SettingValue(
            "a list, split by commas, of " + element.expected(), text -> list(text, element));
      }
      if (generic.getRawType() == Optional.class) {
        return new SettingValue(
            element.expected(), text -> Optional.of(element.parse().apply(text)));
      }
    }
    throw new IllegalArgumentException("a setting cannot be a " + type.getTypeName());
  }

  private static SettingValue constant(Class<?> type) {
    Map<String, Object> constants =
        Arrays.stream(type.getEnumConstants())
            .collect(Collectors.toMap(SettingValue::spelling, constant -> constant));
    String expected =
        Arrays.stream(type.getEnumConstants())
            .map(SettingValue::spelling)
            .collect(Collectors.joining(", ", "one of ", ""));
    return new SettingValue(
        expected,
        text -> {
          Object constant = constants.get(text);
          if (constant == null) {
            throw new IllegalArgumentException(text);
          }
          return constant;
        });
  }

  private static String spelling(Object constant) {
    return ((Enum<?>) constant).name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static Object bool(String text) {
    return switch (text) {
      case "true" -> true;
      case "false" -> false;
      default -> throw new IllegalArgumentException(text);
    };
  }

  private static Object number(String text) {
    double value = Double.parseDouble(text);
    if (!Double.isFinite(value)) {
      throw new IllegalArgumentException(text);
    }
    return value;
  }

  private static Object duration(String text) {
    Matcher matcher = matched(DURATION, text);
    long amount = Long.parseLong(matcher.group(1));
    return switch (matcher.group(2)) {
      case "ms" -> Duration.ofMillis(amount);
      case "s" -> Duration.ofSeconds(amount);
      case "m" -> Duration.ofMinutes(amount);
      case "h" -> Duration.ofHours(amount);
      default -> Duration.ofDays(amount);
    };
  }

  private static Object size(String text) {
    Matcher matcher = matched(SIZE, text);
    int shift = SHIFTS.getOrDefault(matcher.group(2), 0);
    return new Bytes(Math.multiplyExact(Long.parseLong(matcher.group(1)), 1L << shift));
  }

  private static Matcher matched(Pattern pattern, String text) {
    Matcher matcher = pattern.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(text);
    }
    return matcher;
  }

  private static Object list(String text, SettingValue element) {
    if (text.isBlank()) {
      return List.of();
    }
    return Arrays.stream(text.split(",", -1)).map(String::strip).map(element.parse()).toList();
  }
}
