package vesper.auth;

import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/// The one spelling of a UUID that ids have here: lower case with four hyphens.
final class UuidText {
  private static final Pattern FORM =
      Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");

  private UuidText() {}

  /// Reads an id; empty for anything else.
  static Optional<UUID> parse(String text) {
    return FORM.matcher(text).matches() ? Optional.of(UUID.fromString(text)) : Optional.empty();
  }
}
