package vesper.world;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// Entities and worlds to test with.
final class Things {
  static final Instant THEN = Instant.parse("2026-01-01T00:00:00Z");

  static Struct text(String text) {
    return Struct.newBuilder()
        .putFields("text", Value.newBuilder().setStringValue(text).build())
        .build();
  }

  /// An entity of version 1 that is seen to be what the text says.
  static Thing thing(String id, String region, String look) {
    return new Thing(
        id,
        "item",
        region,
        new Spot(1, 2, 3, 90),
        new TreeSet<>(Set.of("small")),
        new TreeMap<>(Map.of("look", text(look))),
        1,
        false,
        THEN);
  }

  /// A world with three regions, two flags and what is given.
  static GameWorld world(String id, Thing... entities) {
    TreeMap<String, GameWorld.Region> regions = new TreeMap<>();
    for (String region : List.of("deep", "hill", "quay")) {
      regions.put(region, new GameWorld.Region(region, "the " + region, "land", "", "Wet."));
    }
    TreeMap<String, FlagRule> flags = new TreeMap<>();
    flags.put(
        "ferry.runs",
        new FlagRule(
            "ferry.runs",
            new Reading.Truth(true),
            Map.of(new Reading.Truth(false), "Nobody rows today.")));
    flags.put("tide", new FlagRule("tide", new Reading.Count(3), Map.of()));
    return new GameWorld(
        id,
        new GameWorld.Pack("The World", "1.0.0", "digest-" + id),
        regions,
        flags,
        List.of(entities));
  }

  private Things() {}
}
