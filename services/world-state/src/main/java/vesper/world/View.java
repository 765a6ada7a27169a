package vesper.world;

import com.google.protobuf.Struct;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/// What somebody sees of a world.
///
/// @param regions all when empty
/// @param components all when empty
/// @param server whether components for servers are among them
record View(Set<String> regions, Set<String> components, boolean server) {
  View {
    regions = Set.copyOf(regions);
    components = Set.copyOf(components);
  }

  /// Whether entities in a region are seen.
  boolean sees(String region) {
    return regions.isEmpty() || regions.contains(region);
  }

  /// Whether an entity was seen at any time of the news.
  boolean concerns(ThingNews news) {
    return news.regions().stream().anyMatch(this::sees);
  }

  /// Returns how the news look; empty when nothing of them is seen.
  ///
  /// @param whole whether an entity is told as it is, since what was seen of it is uncertain
  Optional<Delta> delta(ThingNews news, boolean whole) {
    Thing now = news.now();
    boolean before = news.existed() && sees(news.regionBefore());
    boolean after = !now.removed() && sees(now.region());
    if (after) {
      return before && !whole && !news.remade()
          ? update(news)
          : Optional.of(new Delta.Enter(shown(now)));
    }
    if (!before && !whole) {
      return Optional.empty();
    }
    return Optional.of(
        now.removed()
            ? new Delta.Remove(now.id(), now.version())
            : new Delta.Leave(now.id(), now.version()));
  }

  /// Returns what is seen of an entity.
  Thing shown(Thing thing) {
    SortedMap<String, Struct> shown = new TreeMap<>(thing.components());
    shown.keySet().removeIf(name -> !shows(name));
    return thing.with(shown);
  }

  private boolean shows(String component) {
    return (components.isEmpty() || components.contains(component))
        && (server || !component.startsWith(Thing.SERVER_ONLY));
  }

  private Optional<Delta> update(ThingNews news) {
    SortedMap<String, Struct> changed = new TreeMap<>();
    SortedSet<String> gone = new TreeSet<>();
    boolean rest = false;
    for (String field : news.fields()) {
      if (!field.startsWith(Thing.COMPONENTS + ".")) {
        rest = true;
        continue;
      }
      String name = field.substring(Thing.COMPONENTS.length() + 1);
      if (!shows(name)) {
        continue;
      }
      Struct component = news.now().components().get(name);
      if (component == null) {
        gone.add(name);
      } else {
        changed.put(name, component);
      }
    }
    return rest || !changed.isEmpty() || !gone.isEmpty()
        ? Optional.of(new Delta.Update(news.now().with(changed), gone))
        : Optional.empty();
  }
}
