package vesper.npc;

import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jdbi.v3.core.Handle;
import vesper.runtime.Event;
import vesper.runtime.EventConsumer;
import vesper.time.v1.DayChanged;
import vesper.world.v1.FlagChanged;

/// What goes round among the people of a world: when something changes of which they have a saying,
/// they remember for a week what they said before. How it is now they need not remember: they see
/// it.
final class Hearsay {
  private static final long WEEK = 7 * 86_400L;

  private final Map<String, World> worlds;
  private final Supplier<String> ids;

  Hearsay(Map<String, World> worlds, Supplier<String> ids) {
    this.worlds = Map.copyOf(worlds);
    this.ids = ids;
  }

  List<EventConsumer<?>> consumers() {
    return List.of(
        new EventConsumer<>(FlagChanged.getDefaultInstance(), this::changed),
        new EventConsumer<>(DayChanged.getDefaultInstance(), this::dayBegan));
  }

  private void changed(Handle transaction, Event<FlagChanged> event) {
    var world = worlds.get(event.world());
    if (world == null) {
      return;
    }
    var flag = event.message().getFlagId();
    world
        .sayings()
        .find(flag, event.message().getFrom())
        .ifPresent(said -> {
          var now = world.time().read();
          var since = now.moment().map(Moment::weekday).filter(day -> !day.isEmpty());
          var text = "Until " + since.orElse("lately") + " people said: “" + said + "”";
          NewsTable.put(
              transaction,
              new NewsTable.News(
                  world.id(), flag, Texts.clean(text), now.gameSeconds(), event.message().getSeq()),
              world.script().parts().keySet(),
              ids);
        });
  }

  private void dayBegan(Handle transaction, Event<DayChanged> event) {
    NewsTable.forget(transaction, event.world(), event.message().getGameSeconds() - WEEK);
  }
}
