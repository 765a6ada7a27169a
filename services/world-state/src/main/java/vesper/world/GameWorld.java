package vesper.world;

import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// A world as its pack has it.
///
/// @param regions by id
/// @param flags by id
/// @param entities what is in it on its first day
record GameWorld(
    String id,
    Pack pack,
    SortedMap<String, Region> regions,
    SortedMap<String, FlagRule> flags,
    List<Thing> entities) {
  GameWorld {
    regions = Collections.unmodifiableSortedMap(new TreeMap<>(regions));
    flags = Collections.unmodifiableSortedMap(new TreeMap<>(flags));
    entities = List.copyOf(entities);
  }

  /// The pack it comes from.
  ///
  /// @param title name for people
  record Pack(String title, String version, String digest) {}

  /// A part of a plane.
  ///
  /// @param counterpart the region that is its other side, or empty
  record Region(String id, String name, String plane, String counterpart, String description) {}

  Optional<FlagRule> findFlag(String flag) {
    return Optional.ofNullable(flags.get(flag));
  }

  /// Returns what a flag is; empty for one that is nothing now.
  Optional<Reading> read(FlagState flag) {
    Reading set = flag.reading();
    return set == null ? findFlag(flag.id()).map(FlagRule::first) : Optional.of(set);
  }

  /// Whether a flag is something else than the pack says.
  boolean differs(FlagState flag) {
    return !read(flag).equals(findFlag(flag.id()).map(FlagRule::first));
  }

  /// Returns flags by id: those that were set, with those of the pack that were not.
  ///
  /// @param set flags by id, all of those up to the last of them
  /// @param after id before the first that is wanted
  /// @param most how many are wanted
  List<FlagState> withUnset(List<FlagState> set, String after, int most) {
    SortedMap<String, FlagState> all = new TreeMap<>();
    flags.tailMap(after).keySet().stream()
        .filter(flag -> !flag.equals(after))
        .limit(most)
        .forEach(flag -> all.put(flag, FlagState.unset(flag)));
    set.forEach(flag -> all.put(flag.id(), flag));
    return all.values().stream().limit(most).toList();
  }
}
