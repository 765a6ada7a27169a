package vesper.world;

import static vesper.world.Things.THEN;
import static vesper.world.Things.text;

import com.google.protobuf.Struct;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/// A world in memory that remembers how it was after each of its changes.
final class ModelWorld implements WorldReader {
  private static final List<String> IDS = List.of("a", "b", "c", "d", "e");
  private static final List<String> REGIONS = List.of("deep", "hill", "quay");
  private static final List<String> COMPONENTS = List.of("look", "price", "server.note");
  private static final int PAGE = 2;

  private final int mostChanges;
  private final List<SortedMap<String, Thing>> entities = new ArrayList<>();
  private final List<Map<String, FlagState>> flags = new ArrayList<>();
  private final List<Entry> log = new ArrayList<>();

  /// @param mostChanges changes that are told of at a time
  ModelWorld(int mostChanges) {
    this.mostChanges = mostChanges;
    entities.add(new TreeMap<>());
    flags.add(new HashMap<>());
  }

  private record Entry(Outcome.Change change, long seq) {}

  /// Makes one change at random.
  void change(Random random) {
    if (random.nextInt(8) == 0) {
      FlagState flag = now(flags).getOrDefault("tide", FlagState.unset("tide"));
      Reading reading = random.nextBoolean() ? new Reading.Count(random.nextInt(5)) : null;
      add(
          Edits.decide(
              new Edit.SetFlag("tide", reading, ""), Things.world("w").findFlag("tide"), flag));
      return;
    }
    String id = IDS.get(random.nextInt(IDS.size()));
    Thing thing = now(entities).getOrDefault(id, Thing.never(id));
    if (thing.removed()) {
      add(Edits.decide(new Edit.Create(random(id, random)), thing, THEN));
    } else if (random.nextInt(5) == 0) {
      add(Edits.decide(new Edit.Remove(id, ""), thing, THEN));
    } else {
      List<String> fields =
          List.of("region_id", "tags", "components", "components.look", "components.server.note");
      Set<String> chosen = Set.of(fields.get(random.nextInt(fields.size())));
      add(
          Edits.decide(
              new Edit.Change(id, new Patch(chosen, random(id, random)), ""), thing, THEN));
    }
  }

  /// Returns what is in the world after a change.
  Map<String, Thing> entitiesAt(long seq) {
    Map<String, Thing> present = new TreeMap<>(entities.get((int) seq));
    present.values().removeIf(Thing::removed);
    return present;
  }

  /// Returns how flags were set after a change.
  Map<String, FlagState> flagsAt(long seq) {
    return flags.get((int) seq);
  }

  @Override
  public long head() {
    return log.size();
  }

  @Override
  public News since(long after) {
    if (after > head() || head() - after > mostChanges) {
      return News.tooMuch(head());
    }
    Map<String, ThingNews> things = new LinkedHashMap<>();
    Map<String, FlagNews> told = new LinkedHashMap<>();
    for (Entry entry : log.subList((int) after, log.size())) {
      if (entry.change() instanceof Outcome.Flagged(_, var flag)) {
        FlagState now = Objects.requireNonNull(now(flags).get(flag.id()));
        told.merge(flag.id(), new FlagNews(entry.seq(), now), FlagNews::then);
      } else {
        ThingNews news = news(entry);
        things.merge(news.now().id(), news, ThingNews::then);
      }
    }
    return new News(head(), false, List.copyOf(things.values()), List.copyOf(told.values()));
  }

  @Override
  public Page page(View view, String after) {
    List<Thing> things =
        entitiesAt(head()).values().stream()
            .filter(thing -> thing.id().compareTo(after) > 0 && view.sees(thing.region()))
            .toList();
    return new Page(things.stream().limit(PAGE).toList(), things.size() > PAGE, head());
  }

  @Override
  public Flags flags() {
    return new Flags(List.copyOf(now(flags).values()), head());
  }

  private ThingNews news(Entry entry) {
    return switch (entry.change()) {
      case Outcome.Created(var after) ->
          new ThingNews(
              entry.seq(), false, "", Set.of(after.region()), Set.of(), true, nowOf(after));
      case Outcome.Changed(var before, var after, var fields) ->
          new ThingNews(
              entry.seq(),
              true,
              before.region(),
              new TreeSet<>(List.of(before.region(), after.region())),
              fields,
              false,
              nowOf(after));
      case Outcome.Removed(var before, var after) ->
          new ThingNews(
              entry.seq(),
              true,
              before.region(),
              Set.of(before.region()),
              Set.of(),
              false,
              nowOf(after));
      case Outcome.Flagged _ -> throw new IllegalStateException("a flag is no entity");
    };
  }

  private Thing nowOf(Thing thing) {
    return Objects.requireNonNull(now(entities).get(thing.id()));
  }

  private void add(Outcome outcome) {
    if (outcome instanceof Outcome.Change change) {
      log(change);
    }
  }

  private void log(Outcome.Change change) {
    SortedMap<String, Thing> things = new TreeMap<>(now(entities));
    Map<String, FlagState> states = new HashMap<>(now(flags));
    switch (change) {
      case Outcome.Created(var after) -> things.put(after.id(), after);
      case Outcome.Changed(_, var after, _) -> things.put(after.id(), after);
      case Outcome.Removed(_, var after) -> things.put(after.id(), after);
      case Outcome.Flagged(_, var after) -> states.put(after.id(), after);
    }
    entities.add(things);
    flags.add(states);
    log.add(new Entry(change, log.size() + 1));
  }

  private static Thing random(String id, Random random) {
    SortedMap<String, Struct> components = new TreeMap<>();
    for (String name : COMPONENTS) {
      if (random.nextBoolean()) {
        components.put(name, text(Integer.toString(random.nextInt(4))));
      }
    }
    return new Thing(
        id,
        "item",
        REGIONS.get(random.nextInt(REGIONS.size())),
        null,
        new TreeSet<>(Set.of("t" + random.nextInt(3))),
        components,
        0,
        false,
        THEN);
  }

  private static <T> T now(List<T> history) {
    return history.getLast();
  }
}
