package vesper.world;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import vesper.pack.v1.EntityRule;
import vesper.pack.v1.FlagSaying;
import vesper.pack.v1.Npc;
import vesper.worldpack.WorldPack;

/// Reads a world out of a world pack.
final class PackWorld {
  private static final String PERSON = "npc";

  /// Returns the world of a pack, which is named as the pack.
  static GameWorld of(WorldPack pack) {
    List<Thing> entities = new ArrayList<>();
    pack.npcs().values().forEach(npc -> entities.add(person(npc)));
    pack.state().getEntitiesList().forEach(entity -> entities.add(thing(entity)));
    return new GameWorld(
        pack.name(),
        new GameWorld.Pack(pack.pack().getTitle(), pack.version(), pack.digest()),
        regions(pack),
        flags(pack),
        entities);
  }

  private static SortedMap<String, GameWorld.Region> regions(WorldPack pack) {
    SortedMap<String, GameWorld.Region> regions = new TreeMap<>();
    pack.regions()
        .forEach((id, region) ->
            regions.put(
                id,
                new GameWorld.Region(
                    id,
                    region.getName(),
                    region.getPlane(),
                    region.getCounterpart(),
                    region.getDescription())));
    return regions;
  }

  private static SortedMap<String, FlagRule> flags(WorldPack pack) {
    SortedMap<String, FlagRule> flags = new TreeMap<>();
    for (var flag : pack.state().getFlagsList()) {
      Map<Reading, String> says = new HashMap<>();
      for (FlagSaying saying : flag.getSaysList()) {
        says.put(reading(saying.getValue()), saying.getText());
      }
      flags.put(flag.getId(), new FlagRule(flag.getId(), reading(flag.getFirst()), says));
    }
    return flags;
  }

  private static Reading reading(Value value) {
    return switch (value.getKindCase()) {
      case BOOL_VALUE -> new Reading.Truth(value.getBoolValue());
      case NUMBER_VALUE -> new Reading.Count((long) value.getNumberValue());
      case STRING_VALUE -> new Reading.Word(value.getStringValue());
      case NULL_VALUE, STRUCT_VALUE, LIST_VALUE, KIND_NOT_SET ->
          throw new IllegalArgumentException("no flag is this: " + value.getKindCase());
    };
  }

  private static Thing thing(EntityRule entity) {
    return new Thing(
        entity.getId(),
        entity.getType(),
        entity.getRegion(),
        null,
        new TreeSet<>(entity.getTagsList()),
        new TreeMap<>(entity.getComponentsMap()),
        0,
        false,
        Instant.EPOCH);
  }

  private static Thing person(Npc npc) {
    SortedMap<String, Struct> components = new TreeMap<>();
    components.put("look", texts(Map.of("text", npc.getName() + ", " + npc.getTitle() + ".")));
    Map<String, String> who = new TreeMap<>();
    who.put("name", npc.getName());
    who.put("role", npc.getRole());
    who.put("place", npc.getHome().getPlace());
    if (!npc.getFaction().isEmpty()) {
      who.put("faction", npc.getFaction());
    }
    components.put("person", texts(who));
    return new Thing(
        PERSON + ":" + npc.getId(),
        PERSON,
        npc.getHome().getRegion(),
        null,
        new TreeSet<>(),
        components,
        0,
        false,
        Instant.EPOCH);
  }

  private static Struct texts(Map<String, String> texts) {
    Struct.Builder struct = Struct.newBuilder();
    texts.forEach(
        (key, text) -> struct.putFields(key, Value.newBuilder().setStringValue(text).build()));
    return struct.build();
  }

  private PackWorld() {}
}
