package vesper.world;

import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;
import org.jdbi.v3.core.Handle;
import vesper.npc.v1.ConversationEnded;
import vesper.runtime.Event;
import vesper.runtime.EventConsumer;
import vesper.time.v1.DayChanged;

/// Leaves marks of what happens elsewhere, as flags of the world: clients list and watch them, and
/// they have their numbers in the order of all changes.
final class Marks {
  /// Number of the day, 0 for the world's first.
  static final String DAY = "clock.day";

  /// Begins the flags that count talks with a person.
  static final String TALKS = "talks.";

  private static final long DAY_SECONDS = 86_400;

  private final Planting planting;
  private final Chronicle chronicle;
  private final InstantSource clock;

  Marks(Planting planting, Chronicle chronicle, InstantSource clock) {
    this.planting = planting;
    this.chronicle = chronicle;
    this.clock = clock;
  }

  List<EventConsumer<?>> consumers() {
    return List.of(
        new EventConsumer<>(ConversationEnded.getDefaultInstance(), this::talked),
        new EventConsumer<>(DayChanged.getDefaultInstance(), this::dayBegan));
  }

  private void talked(Handle transaction, Event<ConversationEnded> event) {
    if (!planting.worlds().containsKey(event.world()) || event.message().getTurns() == 0) {
      return;
    }
    GameWorld world = planting.world(event.world());
    String flag = TALKS + event.message().getNpcId();
    set(transaction, world, flag, now(transaction, world, flag) + 1, "npc-behavior");
  }

  private void dayBegan(Handle transaction, Event<DayChanged> event) {
    if (planting.worlds().containsKey(event.world())) {
      GameWorld world = planting.world(event.world());
      long day = event.message().getGameSeconds() / DAY_SECONDS;
      // One that was put aside and comes late changes nothing.
      if (day > now(transaction, world, DAY)) {
        set(transaction, world, DAY, day, "time-manager");
      }
    }
  }

  private static long now(Handle transaction, GameWorld world, String flag) {
    FlagState state =
        Objects.requireNonNull(
            FlagTable.lock(transaction, world.id(), new TreeSet<>(List.of(flag))).get(flag));
    return world.read(state).orElse(null) instanceof Reading.Count(var count) ? count : 0;
  }

  private void set(Handle transaction, GameWorld world, String flag, long count, String actor) {
    Edit edit = new Edit.SetFlag(flag, new Reading.Count(count), "");
    Chronicle.Done done =
        chronicle.make(
            transaction,
            world,
            List.of(new Proposal(edit, "")),
            actor,
            clock.instant().truncatedTo(ChronoUnit.MICROS));
    assert done.outcomes().size() == 1;
  }
}
