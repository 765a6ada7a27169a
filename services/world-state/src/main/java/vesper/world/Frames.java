package vesper.world;

import com.google.protobuf.Struct;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import vesper.world.v1.DeltaKind;
import vesper.world.v1.Entity;
import vesper.world.v1.EntityDelta;
import vesper.world.v1.Flag;
import vesper.world.v1.WorldFrame;

/// Packs what a watcher is told into frames of at most 16 KiB. An entity that is too large for one
/// enters with some of its components, and is updated with the others.
final class Frames {
  /// Bytes of a frame.
  static final int LARGEST = 16 << 10;

  /// What a frame holds beside entities and flags.
  private static final int REST = 256;

  private static final int ROOM = LARGEST - REST;

  /// Bytes of tag and length around a message.
  private static final int AROUND = 4;

  private final List<WorldFrame.Builder> frames = new ArrayList<>();
  private int left;

  private Frames() {
    next();
  }

  /// Returns frames without numbers and tokens; at least one, which may be empty.
  static List<WorldFrame.Builder> pack(List<Delta> deltas, List<Flag> flags) {
    Frames frames = new Frames();
    for (Delta delta : deltas) {
      pieces(delta).forEach(frames::add);
    }
    flags.forEach(frames::add);
    return frames.frames;
  }

  private void add(EntityDelta delta) {
    int size = delta.getSerializedSize() + AROUND;
    if (size > left && left < ROOM) {
      next();
    }
    frames.getLast().addEntities(delta);
    left -= size;
  }

  private void add(Flag flag) {
    int size = flag.getSerializedSize() + AROUND;
    if (size > left && left < ROOM) {
      next();
    }
    frames.getLast().addFlags(flag);
    left -= size;
  }

  private void next() {
    frames.add(WorldFrame.newBuilder());
    left = ROOM;
  }

  private static List<EntityDelta> pieces(Delta delta) {
    return switch (delta) {
      case Delta.Enter(var thing) -> pieces(DeltaKind.DELTA_KIND_ENTER, thing, List.of());
      case Delta.Update(var thing, var gone) ->
          pieces(DeltaKind.DELTA_KIND_UPDATE, thing, List.copyOf(gone));
      case Delta.Leave(var id, var version) ->
          List.of(ended(DeltaKind.DELTA_KIND_LEAVE, id, version));
      case Delta.Remove(var id, var version) ->
          List.of(ended(DeltaKind.DELTA_KIND_REMOVE, id, version));
    };
  }

  private static EntityDelta ended(DeltaKind kind, String id, long version) {
    return EntityDelta.newBuilder()
        .setKind(kind)
        .setEntity(
            Entity.newBuilder().setEntityId(id).setVersion(version).setEtag(Long.toString(version)))
        .build();
  }

  private static List<EntityDelta> pieces(DeltaKind first, Thing thing, List<String> gone) {
    Entity base = EntityMessages.base(thing).build();
    List<EntityDelta> pieces = new ArrayList<>();
    EntityDelta.Builder piece =
        EntityDelta.newBuilder().setKind(first).setEntity(base).addAllRemovedComponents(gone);
    int size = piece.build().getSerializedSize() + AROUND;
    for (Map.Entry<String, Struct> component : thing.components().entrySet()) {
      int more =
          component.getKey().length() + component.getValue().getSerializedSize() + 3 * AROUND;
      boolean full = size + more > ROOM;
      if (full && (piece.getEntity().getComponentsCount() > 0 || !gone.isEmpty())) {
        pieces.add(piece.build());
        piece = EntityDelta.newBuilder().setKind(DeltaKind.DELTA_KIND_UPDATE).setEntity(base);
        size = base.getSerializedSize() + 2 * AROUND;
      }
      piece.getEntityBuilder().putComponents(component.getKey(), component.getValue());
      size += more;
    }
    pieces.add(piece.build());
    return pieces;
  }
}
