package vesper.routing;

import java.util.Locale;
import java.util.Optional;

/// Class of model, by how fast and how able it is.
public enum Tier {
  /// Small and fast.
  GOLD,
  /// For dialogue.
  SILVER,
  /// Large and slow.
  BRONZE;

  /// The tier that stands in when this one has no endpoint that can be used.
  public Optional<Tier> below() {
    return switch (this) {
      case BRONZE -> Optional.of(SILVER);
      case SILVER -> Optional.of(GOLD);
      case GOLD -> Optional.empty();
    };
  }

  /// The name in lower case, for sentences.
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
