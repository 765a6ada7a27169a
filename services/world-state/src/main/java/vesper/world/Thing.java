package vesper.world;

import com.google.protobuf.Struct;
import java.time.Instant;
import java.util.Collections;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// An entity of a world at one version. A component is a JSON object, and protobuf's `Struct` is
/// the type we have for one; nothing here looks into it.
///
/// @param region id of the region it is in, or empty
/// @param removed whether it is no more; then only id and version mean something
record Thing(
    String id,
    String type,
    String region,
    @Nullable Spot spot,
    SortedSet<String> tags,
    SortedMap<String, Struct> components,
    long version,
    boolean removed,
    Instant changedAt) {
  static final String TYPE = "type";
  static final String REGION = "region_id";
  static final String POSITION = "position";
  static final String TAGS = "tags";
  static final String COMPONENTS = "components";

  /// Begins the names of components that no player is shown.
  static final String SERVER_ONLY = "server.";

  Thing {
    tags = Collections.unmodifiableSortedSet(new TreeSet<>(tags));
    components = Collections.unmodifiableSortedMap(new TreeMap<>(components));
  }

  /// Returns what lies under an id that was never used.
  static Thing never(String id) {
    return new Thing(id, "", "", null, new TreeSet<>(), new TreeMap<>(), 0, true, Instant.EPOCH);
  }

  /// Returns the name of the field that a component is.
  static String field(String component) {
    return COMPONENTS + "." + component;
  }

  /// Returns the same with a version and the time it was made.
  Thing at(long newVersion, Instant instant) {
    return new Thing(id, type, region, spot, tags, components, newVersion, removed, instant);
  }

  /// Returns the same with other components.
  Thing with(SortedMap<String, Struct> others) {
    return new Thing(id, type, region, spot, tags, others, version, removed, changedAt);
  }

  /// Returns what is left when it is removed.
  Thing gone(Instant instant) {
    return new Thing(id, type, "", null, new TreeSet<>(), new TreeMap<>(), version, true, instant);
  }

  /// Returns the fields in which another version differs, in the order of their names.
  SortedSet<String> differences(Thing other) {
    SortedSet<String> fields = new TreeSet<>();
    addIf(!type.equals(other.type), TYPE, fields);
    addIf(!region.equals(other.region), REGION, fields);
    addIf(!Objects.equals(spot, other.spot), POSITION, fields);
    addIf(!tags.equals(other.tags), TAGS, fields);
    Set<String> names = new TreeSet<>(components.keySet());
    names.addAll(other.components.keySet());
    for (String name : names) {
      addIf(!Objects.equals(components.get(name), other.components.get(name)), field(name), fields);
    }
    return fields;
  }

  /// Returns the bytes of its components, which are most of it.
  int size() {
    return components.entrySet().stream()
        .mapToInt(entry -> entry.getKey().length() + entry.getValue().getSerializedSize())
        .sum();
  }

  private static void addIf(boolean differs, String field, Set<String> fields) {
    if (differs) {
      fields.add(field);
    }
  }
}
