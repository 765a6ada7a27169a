package vesper.guard;

import java.math.BigInteger;
import java.net.InetAddress;
import java.util.EnumSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Replaces personal data by what kind it is, as in `[email]` (ai.md GR-9): e-mail addresses, card
/// numbers that pass Luhn's check, IBANs that pass theirs, IP addresses and phone numbers.
public final class Masking {
  private static final int CARD_MIN = 13;
  private static final int CARD_MAX = 19;
  private static final int PHONE_MIN = 8;
  private static final int PHONE_MAX = 15;

  private Masking() {}

  /// Kind of personal data, in the order it is looked for.
  public enum Kind {
    /// An e-mail address.
    EMAIL("[email]", "[\\p{L}0-9._%+-]{1,64}@(?:[\\p{L}0-9-]{1,63}\\.){1,8}\\p{L}{2,24}"),
    /// A bank account.
    IBAN("[iban]", "\\b[A-Z]{2}\\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?\\b"),
    /// A payment card.
    CARD("[card]", "(?<![\\d.])\\d(?:[ -]?\\d){12,18}(?![\\d.]\\d)"),
    /// An address in a network.
    IP(
        "[ip]",
        "(?<![\\w.:])(?:\\d{1,3}(?:\\.\\d{1,3}){3}|(?:[0-9a-fA-F]{0,4}:){2,7}[0-9a-fA-F]{0,4})(?![\\w:]|\\.\\d)"),
    /// A telephone number.
    PHONE(
        "[phone]",
        "(?<![\\w.+])(?<!\\d[ -])(?:\\+\\d{1,3}[ ./-]?(?:\\(\\d{1,4}\\)[ ./-]?)?\\d{1,4}(?:[ ./-]?\\d{2,4}){1,4}"
            + "|\\(\\d{3,4}\\)[ ./-]?\\d{3,4}[ ./-]?\\d{3,6}"
            + "|\\d{3}[ .-]\\d{3}[ .-]\\d{4}"
            + "|0\\d{2,4}[ /-]\\d{3,4}[ -]?\\d{3,5})(?!\\w|[ -]\\d{2})");

    private final String placeholder;
    private final Pattern pattern;

    Kind(String placeholder, String pattern) {
      this.placeholder = placeholder;
      this.pattern = Pattern.compile(pattern);
    }

    private boolean accepts(String text) {
      return switch (this) {
        case EMAIL -> true;
        case IBAN -> isIban(text);
        case CARD -> isCard(text);
        case IP -> isIp(text);
        case PHONE -> isPhone(text);
      };
    }

    /// What stands in its place.
    public String placeholder() {
      return placeholder;
    }
  }

  /// A text without personal data.
  ///
  /// @param text the text
  /// @param kinds what was in it
  public record Masked(String text, Set<Kind> kinds) {}

  /// Replaces what is found.
  public static Masked mask(String text) {
    var found = EnumSet.noneOf(Kind.class);
    var masked = text;
    for (var kind : Kind.values()) {
      masked =
          kind.pattern
              .matcher(masked)
              .replaceAll(match -> {
                if (!kind.accepts(match.group())) {
                  return Matcher.quoteReplacement(match.group());
                }
                found.add(kind);
                return kind.placeholder();
              });
    }
    return new Masked(masked, Set.copyOf(found));
  }

  private static String digits(String text) {
    return text.replaceAll("\\D", "");
  }

  private static boolean isCard(String text) {
    var digits = digits(text);
    if (digits.length() < CARD_MIN || digits.length() > CARD_MAX) {
      return false;
    }
    int sum = 0;
    for (int i = 0; i < digits.length(); i++) {
      int digit = digits.charAt(digits.length() - 1 - i) - '0';
      int weighed = i % 2 == 0 ? digit : digit * 2;
      sum += weighed > 9 ? weighed - 9 : weighed;
    }
    return sum % 10 == 0 && sum > 0;
  }

  /// ISO 13616: the country and check digits moved to the end, letters as 10 to 35, must be 1
  /// modulo 97.
  private static boolean isIban(String text) {
    var plain = text.replace(" ", "");
    if (plain.length() < 15 || plain.length() > 34) {
      return false;
    }
    var turned = plain.substring(4) + plain.substring(0, 4);
    var number = new StringBuilder();
    turned.chars().forEach(c -> number.append(Character.digit(c, 36)));
    return new BigInteger(number.toString()).mod(BigInteger.valueOf(97)).intValue() == 1;
  }

  private static boolean isIp(String text) {
    try {
      return InetAddress.ofLiteral(text).getAddress().length > 0;
    } catch (IllegalArgumentException notAnAddress) {
      return false;
    }
  }

  private static boolean isPhone(String text) {
    int count = digits(text).length();
    return count >= PHONE_MIN && count <= PHONE_MAX;
  }
}
