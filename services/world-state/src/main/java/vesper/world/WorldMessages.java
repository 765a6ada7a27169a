package vesper.world;

import com.google.protobuf.util.Timestamps;
import java.util.Base64;
import java.util.HashSet;
import java.util.Set;
import vesper.world.v1.Circle;
import vesper.world.v1.ListFlagsRequest;
import vesper.world.v1.ListRegionsResponse;
import vesper.world.v1.QueryEntitiesRequest;
import vesper.world.v1.Region;
import vesper.world.v1.World;

/// Worlds and what is asked of them, between their messages and the domain.
final class WorldMessages {
  static World world(GameWorld world, WorldTable.Standing standing) {
    return World.newBuilder()
        .setWorldId(world.id())
        .setName(world.pack().title())
        .setPackVersion(world.pack().version())
        .setHeadSeq(standing.head())
        .setEntities(standing.entities())
        .setCreatedAt(Timestamps.fromMillis(standing.createdAt().toEpochMilli()))
        .build();
  }

  static ListRegionsResponse regions(GameWorld world) {
    ListRegionsResponse.Builder regions = ListRegionsResponse.newBuilder();
    world
        .regions()
        .values()
        .forEach(region ->
            regions.addRegions(
                Region.newBuilder()
                    .setRegionId(region.id())
                    .setName(region.name())
                    .setPlane(region.plane())
                    .setCounterpart(region.counterpart())
                    .setDescription(region.description())));
    return regions.build();
  }

  /// Reads a query.
  ///
  /// @param after id before the first that is wanted
  static EntityTable.Query query(QueryEntitiesRequest request, String after) {
    Circle circle = request.getCircle();
    return new EntityTable.Query(
        request.getWorldId(),
        new HashSet<>(request.getEntityIdsList()),
        request.getType(),
        request.getTag(),
        request.getRegionId().isEmpty() ? Set.of() : Set.of(request.getRegionId()),
        request.hasCircle()
            ? new EntityTable.Disc(circle.getX(), circle.getY(), circle.getRadius())
            : null,
        after);
  }

  /// Returns what tells the list of a query from others.
  static String list(QueryEntitiesRequest request) {
    var list = request.toBuilder().clearPageSize().clearPageToken().build();
    return "entities " + Base64.getEncoder().encodeToString(list.toByteArray());
  }

  /// Returns what tells a list of flags from other lists.
  static String list(ListFlagsRequest request) {
    return "flags " + request.getWorldId();
  }

  private WorldMessages() {}
}
