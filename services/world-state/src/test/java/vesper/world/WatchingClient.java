package vesper.world;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import vesper.world.v1.Entity;
import vesper.world.v1.EntityDelta;
import vesper.world.v1.Flag;
import vesper.world.v1.FlagValue;
import vesper.world.v1.WorldFrame;

/// A client that keeps a picture of the world by the frames it gets.
final class WatchingClient {
  private final Map<String, Entity> entities = new TreeMap<>();
  private final Map<String, FlagValue> flags = new HashMap<>();
  private String token = "";
  private boolean whole;
  private long seq;
  private int resyncs;

  /// Begins anew, without a token.
  void forget() {
    entities.clear();
    flags.clear();
    token = "";
    whole = false;
  }

  void take(WorldFrame frame) {
    assertThat(frame.getSerializedSize()).isLessThanOrEqualTo(Frames.LARGEST);
    if (frame.getResync()) {
      forget();
      resyncs++;
    }
    frame.getEntitiesList().forEach(this::take);
    frame.getFlagsList().forEach(this::take);
    token = frame.getResumeToken();
    whole = !frame.getMore();
    if (whole) {
      assertThat(frame.getSeqTo()).isGreaterThanOrEqualTo(seq);
      seq = frame.getSeqTo();
    }
  }

  /// Whether the picture is that of the world after one change.
  boolean whole() {
    return whole;
  }

  long seq() {
    return seq;
  }

  /// Returns how often it was told to begin anew.
  int resyncs() {
    return resyncs;
  }

  String token() {
    return token;
  }

  Map<String, Entity> entities() {
    return entities;
  }

  /// Returns the flags that it knows to be something.
  Map<String, FlagValue> flags() {
    return flags;
  }

  private void take(EntityDelta delta) {
    Entity told = delta.getEntity();
    String id = told.getEntityId();
    switch (delta.getKind()) {
      case DELTA_KIND_ENTER -> entities.put(id, told);
      case DELTA_KIND_UPDATE -> {
        Entity known = Objects.requireNonNull(entities.get(id), "an update of nothing known");
        Entity.Builder merged = told.toBuilder().clearComponents();
        merged.putAllComponents(known.getComponentsMap());
        delta.getRemovedComponentsList().forEach(merged::removeComponents);
        entities.put(id, merged.putAllComponents(told.getComponentsMap()).build());
      }
      case DELTA_KIND_LEAVE, DELTA_KIND_REMOVE -> entities.remove(id);
      case DELTA_KIND_UNSPECIFIED, UNRECOGNIZED -> throw new AssertionError("a delta of no kind");
    }
  }

  private void take(Flag flag) {
    if (flag.hasValue()) {
      flags.put(flag.getFlagId(), flag.getValue());
    } else {
      flags.remove(flag.getFlagId());
    }
  }
}
