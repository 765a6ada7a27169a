package vesper.world;

import java.util.Optional;

/// How large an entity may be.
final class Limits {
  static final int MOST_TAGS = 32;
  static final int MOST_COMPONENTS = 32;
  static final int LARGEST_COMPONENT = 8 << 10;
  static final int LARGEST_ENTITY = 64 << 10;

  /// What all of an entity but its components can come to.
  private static final int REST = 3 << 10;

  /// Returns what is too much of an entity.
  static Optional<Outcome.Excessive> check(Thing thing) {
    if (thing.tags().size() > MOST_TAGS) {
      return excessive(Thing.TAGS, "an entity has at most " + MOST_TAGS + " tags");
    }
    if (thing.components().size() > MOST_COMPONENTS) {
      return excessive(
          Thing.COMPONENTS, "an entity has at most " + MOST_COMPONENTS + " components");
    }
    for (var component : thing.components().entrySet()) {
      if (component.getValue().getSerializedSize() > LARGEST_COMPONENT) {
        return excessive(
            Thing.field(component.getKey()),
            "a component has at most " + LARGEST_COMPONENT + " bytes");
      }
    }
    if (thing.size() + REST > LARGEST_ENTITY) {
      return excessive(
          Thing.COMPONENTS,
          "the components of an entity have at most " + (LARGEST_ENTITY - REST) + " bytes");
    }
    return Optional.empty();
  }

  private static Optional<Outcome.Excessive> excessive(String field, String description) {
    return Optional.of(new Outcome.Excessive(field, description));
  }

  private Limits() {}
}
