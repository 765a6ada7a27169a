package vesper.world;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import vesper.testing.TestClock;
import vesper.world.v1.Entity;
import vesper.world.v1.FlagValue;
import vesper.world.v1.WorldFrame;

/// Whoever takes a snapshot and the deltas has the world as it was, whatever happens in which
/// order.
class WatchTest {
  private static final GameWorld WORLD = Things.world("w");
  private static final FlagState UNSET = FlagState.unset("tide");
  private static final List<View> VIEWS =
      List.of(
          new View(Set.of(), Set.of(), true),
          new View(Set.of("quay"), Set.of(), false),
          new View(Set.of("quay", "hill"), Set.of("look"), true));

  @Property(tries = 500)
  void frames_underRandomChangesAndDrops_giveTheWorldAtTheirNumber(@ForAll long seed) {
    Play play = new Play(new Random(seed));
    for (int step = 0; step < 150; step++) {
      play.step();
    }
    play.settle();
  }

  /// A world that changes, and a client that watches it, over a connection that breaks.
  private static final class Play {
    private final Random random;
    private final View view;
    private final int room;
    private final ModelWorld model = new ModelWorld(12);
    private final Feed feed = new Feed("w", Duration.ofMillis(100), model::head, model::since);
    private final ResumeToken.Sealer sealer;
    private final Queue<WorldFrame> underWay = new ArrayDeque<>();
    private final WatchingClient client = new WatchingClient();
    private Seat seat;
    private Watch watch;

    Play(Random random) {
      this.random = random;
      view = VIEWS.get(random.nextInt(VIEWS.size()));
      room = random.nextBoolean() ? 2 : 100;
      sealer = new ResumeToken.Sealer(new byte[] {1}, "w", view);
      seat = new Seat(view, room);
      watch = watch();
      feed.join(seat);
      watch.begin();
    }

    void step() {
      switch (random.nextInt(10)) {
        case 0, 1, 2 -> model.change(random);
        case 3, 4 -> feed.look();
        case 5, 6 -> work();
        case 7, 8 -> deliver();
        default -> {
          if (random.nextInt(6) == 0) {
            reconnect();
          } else if (random.nextInt(10) == 0) {
            watch.beat();
          }
        }
      }
    }

    void settle() {
      for (int round = 0; round < 100; round++) {
        feed.look();
        work();
        while (!underWay.isEmpty()) {
          deliver();
        }
      }
      assertThat(watch.isLive()).isTrue();
      watch.beat();
      deliver();
      assertThat(client.whole()).isTrue();
      assertThat(client.seq()).isEqualTo(model.head());
    }

    private Watch watch() {
      TestClock clock = TestClock.create();
      return new Watch(WORLD, model, view, seat, new Watch.Teller(sealer, clock, underWay::add));
    }

    private void reconnect() {
      feed.leave(seat);
      underWay.clear();
      seat = new Seat(view, room);
      watch = watch();
      if (client.token().isEmpty()) {
        client.forget();
        feed.join(seat);
        watch.begin();
        return;
      }
      seat.hold();
      feed.join(seat);
      for (int i = random.nextInt(4); i > 0; i--) {
        model.change(random);
        if (random.nextBoolean()) {
          feed.look();
        }
      }
      Optional<Long> seq = sealer.open(client.token()).map(ResumeToken::seq);
      assertThat(seq).isPresent();
      watch.resume(seq.filter(_ -> random.nextInt(4) > 0));
    }

    private void work() {
      if (watch.hasWork()) {
        int before = underWay.size();
        assertThat(watch.work()).isEqualTo(underWay.size() > before);
      }
    }

    private void deliver() {
      WorldFrame frame = underWay.poll();
      if (frame == null) {
        return;
      }
      client.take(frame);
      if (client.whole()) {
        long seq = client.seq();
        assertThat(picture(client.entities())).isEqualTo(seen(model.entitiesAt(seq)));
        assertThat(client.flags().getOrDefault("tide", tide(UNSET)))
            .isEqualTo(tide(model.flagsAt(seq).getOrDefault("tide", UNSET)));
      }
    }

    private Map<String, Entity> seen(Map<String, Thing> things) {
      Map<String, Entity> seen = new HashMap<>();
      things.values().stream()
          .filter(thing -> view.sees(thing.region()))
          .forEach(thing -> seen.put(thing.id(), EntityMessages.entity(view.shown(thing), true)));
      return picture(seen);
    }
  }

  private static FlagValue tide(FlagState flag) {
    return FlagMessages.value(WORLD.read(flag).orElseThrow());
  }

  /// Leaves out versions, which go on unseen when what is not seen changes.
  private static Map<String, Entity> picture(Map<String, Entity> entities) {
    Map<String, Entity> picture = new TreeMap<>();
    entities.forEach(
        (id, entity) -> picture.put(id, entity.toBuilder().clearVersion().clearEtag().build()));
    return picture;
  }
}
