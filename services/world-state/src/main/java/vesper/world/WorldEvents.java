package vesper.world;

import com.google.protobuf.Message;
import vesper.world.v1.EntityChanged;
import vesper.world.v1.EntityCreated;
import vesper.world.v1.EntityRemoved;
import vesper.world.v1.FlagChanged;

/// What is published about changes.
final class WorldEvents {
  /// Returns the event that tells of a change.
  static Message of(GameWorld world, Outcome.Change change, long seq) {
    return switch (change) {
      case Outcome.Created(var after) ->
          EntityCreated.newBuilder()
              .setWorldId(world.id())
              .setEntityId(after.id())
              .setType(after.type())
              .setRegionId(after.region())
              .setSeq(seq)
              .setVersion(after.version())
              .build();
      case Outcome.Changed(_, var after, var fields) ->
          EntityChanged.newBuilder()
              .setWorldId(world.id())
              .setEntityId(after.id())
              .setType(after.type())
              .setRegionId(after.region())
              .setSeq(seq)
              .setVersion(after.version())
              .addAllFields(fields)
              .build();
      case Outcome.Removed(var before, _) ->
          EntityRemoved.newBuilder()
              .setWorldId(world.id())
              .setEntityId(before.id())
              .setSeq(seq)
              .build();
      case Outcome.Flagged(var before, var after) -> flagChanged(world, before, after, seq);
    };
  }

  private static Message flagChanged(GameWorld world, FlagState before, FlagState after, long seq) {
    FlagChanged.Builder event =
        FlagChanged.newBuilder().setWorldId(world.id()).setFlagId(after.id()).setSeq(seq);
    world.read(before).map(FlagMessages::value).ifPresent(event::setFrom);
    world.read(after).map(FlagMessages::value).ifPresent(event::setTo);
    return event.build();
  }

  private WorldEvents() {}
}
