package vesper.world;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import vesper.runtime.Stopping;

class FeedTest {
  private final ModelWorld model = new ModelWorld(20);
  private final View view = new View(Set.of(), Set.of(), true);
  private int reads;
  private final Feed feed =
      new Feed(
          "w",
          Duration.ofMillis(10),
          model::head,
          after -> {
            reads++;
            return model.since(after);
          });

  @Test
  void look_nobodyWatches_readsNothing() {
    change();
    feed.look();
    assertThat(reads).isZero();

    Seat seat = joined();
    feed.leave(seat);
    feed.look();
    assertThat(reads).isZero();
  }

  @Test
  void look_afterSomebodyJoined_tellsWhatFollows() {
    change();
    Seat seat = joined();
    assertThat(seat.upTo()).isEqualTo(model.head());
    change();
    feed.look();
    assertThat(seat.hasNews()).isTrue();
    assertThat(seat.take().to()).isEqualTo(model.head());
    assertThat(seat.take().things()).isEmpty();
  }

  @Test
  void look_whenTheLogWentBack_dropsTheThread() {
    Seat seat = new Seat(view, 10);
    boolean[] restored = {false};
    Feed sent =
        new Feed(
            "w",
            Duration.ofMillis(10),
            () -> 9,
            after -> restored[0] ? News.tooMuch(2) : new News(after, false, List.of(), List.of()));
    sent.join(seat);
    sent.look();
    assertThat(seat.hasNews()).isFalse();
    restored[0] = true;
    sent.look();
    Seat.Batch batch = seat.take();
    assertThat(batch.lost()).isTrue();
    assertThat(batch.to()).isEqualTo(2);
  }

  @Test
  void run_whenStopped_closesAllSeats() throws Exception {
    Seat seat = joined();
    feed.run(new Stopped());
    assertThat(seat.closed()).isTrue();
    assertThat(joined().closed()).isTrue();
  }

  private Seat joined() {
    Seat seat = new Seat(view, 10);
    feed.join(seat);
    return seat;
  }

  private void change() {
    long head = model.head();
    Random random = new Random(head);
    while (model.head() == head) {
      model.change(random);
    }
  }

  private static final class Stopped implements Stopping {
    @Override
    public boolean requested() {
      return true;
    }

    @Override
    public boolean await(Duration time) {
      return true;
    }
  }
}
