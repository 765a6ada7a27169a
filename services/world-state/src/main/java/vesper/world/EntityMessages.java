package vesper.world;

import com.google.protobuf.FieldMask;
import com.google.protobuf.Struct;
import com.google.protobuf.util.Timestamps;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import vesper.runtime.Refusal;
import vesper.runtime.Suggestions;
import vesper.world.v1.Entity;
import vesper.world.v1.Position;

/// Entities between their messages and the domain.
final class EntityMessages {
  private static final int MOST_PATHS = 64;
  private static final Pattern COMPONENT = Pattern.compile("[a-z][a-z0-9_.]{0,63}");

  /// What a mask can name, by each way to write it.
  private static final TreeMap<String, String> MASKABLE = new TreeMap<>();

  private static final Set<String> SET_BY_SERVER =
      Set.of("entity_id", "entityId", "version", "etag", "updated_at", "updatedAt");

  static {
    for (String field :
        List.of(Thing.TYPE, Thing.REGION, Thing.POSITION, Thing.TAGS, Thing.COMPONENTS)) {
      MASKABLE.put(field, field);
      MASKABLE.put(FieldPaths.json(field), field);
    }
  }

  /// Returns an entity with the components that its reader may see.
  static Entity entity(Thing thing, boolean seesServer) {
    Entity.Builder entity = base(thing);
    thing
        .components()
        .forEach((name, component) -> {
          if (seesServer || !name.startsWith(Thing.SERVER_ONLY)) {
            entity.putComponents(name, component);
          }
        });
    return entity.build();
  }

  /// Returns an entity without its components.
  static Entity.Builder base(Thing thing) {
    Entity.Builder entity =
        Entity.newBuilder()
            .setEntityId(thing.id())
            .setType(thing.type())
            .setRegionId(thing.region())
            .addAllTags(thing.tags())
            .setVersion(thing.version())
            .setEtag(Long.toString(thing.version()))
            .setUpdatedAt(Timestamps.fromMillis(thing.changedAt().toEpochMilli()));
    Spot spot = thing.spot();
    if (spot != null) {
      entity.setPosition(
          Position.newBuilder().setX(spot.x()).setY(spot.y()).setZ(spot.z()).setYaw(spot.yaw()));
    }
    return entity;
  }

  /// Reads an entity that is to be made.
  ///
  /// @param path of the entity in the request, with a last dot
  static Thing created(Entity entity, String path, GameWorld world) {
    require(!entity.getEntityId().isEmpty(), path + "entityId", "must be set");
    require(!entity.getType().isEmpty(), path + "type", "must be set");
    require(entity.getVersion() == 0, path + "version", "is set by the server");
    require(entity.getEtag().isEmpty(), path + "etag", "is set by the server");
    return thing(entity, path, world);
  }

  /// Reads new values for fields of an entity.
  ///
  /// @param path of the message with the entity and the mask, with a last dot or empty
  static Patch patch(Entity entity, FieldMask mask, String id, String path, GameWorld world) {
    require(
        entity.getEntityId().isEmpty() || entity.getEntityId().equals(id),
        path + "entity.entityId",
        "is not the id of the entity that is changed");
    Thing values = thing(entity, path + "entity.", world);
    Set<String> fields =
        mask.getPathsCount() == 0 ? given(entity) : fields(mask, path + "updateMask");
    require(
        !fields.contains(Thing.TYPE) || !entity.getType().isEmpty(),
        path + "entity.type",
        "must be set");
    return new Patch(fields, values);
  }

  private static Thing thing(Entity entity, String path, GameWorld world) {
    checkRegion(entity.getRegionId(), path + "regionId", world);
    entity
        .getComponentsMap()
        .forEach(
            (name, component) -> JsonCheck.check(component, path + FieldPaths.component(name)));
    Position at = entity.getPosition();
    return new Thing(
        entity.getEntityId(),
        entity.getType(),
        entity.getRegionId(),
        entity.hasPosition() ? new Spot(at.getX(), at.getY(), at.getZ(), at.getYaw()) : null,
        new TreeSet<>(entity.getTagsList()),
        new TreeMap<String, Struct>(entity.getComponentsMap()),
        0,
        false,
        Instant.EPOCH);
  }

  /// Refuses a region that the world does not have; none is one.
  static void checkRegion(String region, String path, GameWorld world) {
    if (!region.isEmpty() && !world.regions().containsKey(region)) {
      throw Refusal.invalid(
          path,
          "no region '" + region + "'" + Suggestions.didYouMean(region, world.regions().keySet()));
    }
  }

  private static Set<String> given(Entity entity) {
    Set<String> fields = new TreeSet<>();
    addIf(!entity.getType().isEmpty(), Thing.TYPE, fields);
    addIf(!entity.getRegionId().isEmpty(), Thing.REGION, fields);
    addIf(entity.hasPosition(), Thing.POSITION, fields);
    addIf(entity.getTagsCount() > 0, Thing.TAGS, fields);
    entity.getComponentsMap().keySet().forEach(name -> fields.add(Thing.field(name)));
    return fields;
  }

  private static void addIf(boolean given, String field, Set<String> fields) {
    if (given) {
      fields.add(field);
    }
  }

  private static Set<String> fields(FieldMask mask, String path) {
    require(mask.getPathsCount() <= MOST_PATHS, path, "has at most " + MOST_PATHS + " paths");
    Set<String> fields = new TreeSet<>();
    for (String name : mask.getPathsList()) {
      fields.add(findField(name).orElseThrow(() -> unknown(name, path)));
    }
    return fields;
  }

  private static Optional<String> findField(String name) {
    String prefix = Thing.COMPONENTS + ".";
    return name.startsWith(prefix) && COMPONENT.matcher(name.substring(prefix.length())).matches()
        ? Optional.of(name)
        : Optional.ofNullable(MASKABLE.get(name));
  }

  private static RuntimeException unknown(String name, String path) {
    if (SET_BY_SERVER.contains(name)) {
      return Refusal.invalid(path, "'" + name + "' cannot be changed");
    }
    List<String> known = new ArrayList<>(MASKABLE.keySet());
    known.add(Thing.COMPONENTS + ".NAME");
    String shown = name.length() > 80 ? name.substring(0, 80) + "…" : name;
    return Refusal.invalid(
        path, "no field '" + shown + "' of an entity" + Suggestions.didYouMean(name, known));
  }

  private static void require(boolean met, String field, String rule) {
    if (!met) {
      throw Refusal.invalid(field, rule);
    }
  }

  private EntityMessages() {}
}
