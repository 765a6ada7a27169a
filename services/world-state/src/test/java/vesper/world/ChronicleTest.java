package vesper.world;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static vesper.world.Things.THEN;
import static vesper.world.Things.text;
import static vesper.world.Things.thing;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.extension.ExtendWith;
import vesper.runtime.Config;
import vesper.runtime.Database;
import vesper.runtime.DatabasePool;
import vesper.runtime.Secret;
import vesper.runtime.Stopping;
import vesper.testing.PostgresExtension;
import vesper.testing.TestClock;
import vesper.testing.TestDatabase;

@ExtendWith(PostgresExtension.class)
class ChronicleTest {
  private static final int WRITERS = 8;
  private static final int STEPS = 60;
  private static final List<String> IDS = List.of("a", "b", "c", "d", "e", "f");

  private static @Nullable DatabasePool pool;
  private static @Nullable Jdbi direct;

  private final TestClock clock = TestClock.create();
  private GameWorld world = Things.world("w");

  @BeforeAll
  static void open(TestDatabase test) {
    DatabasePool opened =
        DatabasePool.open(test.jdbcUrl(), test.user(), new Secret(test.password()));
    opened.migrate(List.of("world"));
    pool = opened;
    direct = Jdbi.create(test.dataSource());
  }

  @AfterAll
  static void close() {
    Objects.requireNonNull(pool).close();
  }

  @BeforeEach
  void nameWorld(TestInfo test) {
    String id = "w" + Integer.toHexString(test.getDisplayName().hashCode());
    world = Things.world(id, thing("item:net", "quay", "A net."), thing("npc:ada", "hill", "Ada."));
  }

  @Test
  void plant_byTwoReplicasAtOnce_makesEachEntityOnce() throws Exception {
    inParallel(4, _ -> planting().world(world.id()));

    assertThat(standing().entities()).isEqualTo(2);
    assertThat(standing().head()).isEqualTo(2);
    assertThat(events()).containsExactly("entity_created", "entity_created");
  }

  @Test
  void plant_again_keepsWhatChangedAndWhatIsGone() {
    planting().world(world.id());
    make(new Edit.Remove("item:net", ""));
    make(patch("npc:ada", "quay", ""));
    GameWorld later =
        Things.world(
            world.id(),
            thing("item:net", "quay", "A net."),
            thing("npc:ada", "hill", "Ada."),
            thing("item:oar", "quay", "An oar."));
    world =
        new GameWorld(
            later.id(),
            new GameWorld.Pack("The World", "1.1.0", "another"),
            later.regions(),
            later.flags(),
            later.entities());

    planting().world(world.id());

    assertThat(find("item:net")).isNull();
    assertThat(Objects.requireNonNull(find("npc:ada")).region()).isEqualTo("quay");
    assertThat(Objects.requireNonNull(find("item:oar")).version()).isEqualTo(1);
    assertThat(standing().entities()).isEqualTo(2);
  }

  @Test
  void make_severalEdits_numbersThemInOrderAndTellsOfEach() {
    planting().world(world.id());
    Thing boat = thing("boat:one", "", "A boat.");
    Chronicle.Done done =
        make(
            new Edit.Create(boat),
            patch("npc:ada", "quay", "1"),
            new Edit.SetFlag("ferry.runs", new Reading.Truth(false), ""),
            new Edit.Remove("item:net", "1"));

    assertThat(done.seq()).isEqualTo(6);
    assertThat(events().subList(2, 6))
        .containsExactly("entity_created", "entity_changed", "flag_changed", "entity_removed");
    assertThat(find("boat:one")).isEqualTo(boat.at(1, THEN));
    News news = since(2);
    assertThat(news.to()).isEqualTo(6);
    assertThat(news.things())
        .extracting(one -> one.now().id() + one.existed() + one.regionBefore() + one.fields())
        .containsExactly("boat:onefalse[]", "npc:adatruehill[region_id]", "item:nettruequay[]");
    assertThat(news.flags().getFirst().now().reading()).isEqualTo(new Reading.Truth(false));
  }

  @Test
  void make_thatIsRefused_leavesNothing() {
    planting().world(world.id());
    assertThatThrownBy(() ->
            make(
                new Edit.Create(thing("boat:one", "", "A boat.")),
                new Edit.SetFlag("tide", new Reading.Count(9), ""),
                patch("npc:ada", "quay", "7"),
                new Edit.Remove("item:net", "3")))
        .isInstanceOf(StatusRuntimeException.class)
        .satisfies(refusal ->
            assertThat(Status.fromThrowable(refusal).getCode()).isEqualTo(Status.Code.ABORTED))
        .hasMessageContaining("2 of the changes");

    assertThat(standing().head()).isEqualTo(2);
    assertThat(find("boat:one")).isNull();
    assertThat(events()).hasSize(2);
  }

  @Test
  void make_removedAndMadeAgain_goesOnWithTheVersion() {
    planting().world(world.id());
    make(patch("item:net", "hill", ""));
    make(new Edit.Remove("item:net", "2"));
    make(new Edit.Create(thing("item:net", "deep", "Another net.")));

    assertThat(Objects.requireNonNull(find("item:net")).version()).isEqualTo(3);
    assertThat(since(2).things())
        .singleElement()
        .satisfies(news -> {
          assertThat(news.existed()).isTrue();
          assertThat(news.remade()).isTrue();
          assertThat(news.regionBefore()).isEqualTo("quay");
          assertThat(news.regions()).containsExactlyInAnyOrder("quay", "hill", "deep");
          assertThat(news.now().region()).isEqualTo("deep");
        });
  }

  @Test
  void make_oneTooMany_isExhausted() {
    planting().world(world.id());
    Chronicle small =
        new Chronicle(pool().outbox("world"), new Chronicle.Bounds(3, world.flags().size() + 1));
    make(small, new Edit.Create(thing("x:1", "", "One.")));
    assertThatThrownBy(() -> make(small, new Edit.Create(thing("x:2", "", "Two."))))
        .hasMessageContaining("at most 3 entities");
    make(small, new Edit.SetFlag("game.on", new Reading.Truth(true), ""));
    make(small, new Edit.SetFlag("tide", new Reading.Count(5), ""));
    assertThatThrownBy(
            () -> make(small, new Edit.SetFlag("game.late", new Reading.Truth(true), "")))
        .hasMessageContaining("at most 3 flags");
    make(small, new Edit.SetFlag("game.on", null, ""));
    make(small, new Edit.SetFlag("game.late", new Reading.Truth(true), ""));
    make(small, new Edit.Remove("x:1", ""));
    make(small, new Edit.Create(thing("x:2", "", "Two.")));
  }

  /// Whatever eight writers do to the same entities, there is one order in which they did it.
  @Test
  void make_byEightWritersAtOnce_isSomeOrder() throws Exception {
    planting().world(world.id());
    List<Chronicle.Done> done = new ArrayList<>();
    for (List<Chronicle.Done> part : inParallel(WRITERS, this::write)) {
      done.addAll(part);
    }
    done.sort(Comparator.comparingLong(Chronicle.Done::seq));

    assertThat(done.stream().map(Chronicle.Done::seq))
        .containsExactlyElementsOf(
            IntStream.rangeClosed(3, done.size() + 2).mapToObj(Long::valueOf).toList());
    assertThat(standing().head()).isEqualTo(done.size() + 2);
    assertThat(logged()).hasSize(done.size() + 2).doesNotHaveDuplicates();
    Map<String, Thing> after = new HashMap<>();
    for (Chronicle.Done step : done) {
      Outcome.Change change = (Outcome.Change) step.outcomes().getFirst();
      switch (change) {
        case Outcome.Created(var made) -> follow(after, made, 1);
        case Outcome.Changed(var before, var changed, _) -> {
          assertThat(before).isEqualTo(after.get(before.id()));
          follow(after, changed, 1);
        }
        case Outcome.Removed(var before, var gone) -> {
          assertThat(before).isEqualTo(after.get(before.id()));
          follow(after, gone, 0);
        }
        case Outcome.Flagged _ -> throw new AssertionError("nobody set a flag");
      }
    }
    for (String id : IDS) {
      Thing last = after.get(id);
      assertThat(find(id)).isEqualTo(last == null || last.removed() ? null : last);
    }
    assertThat(standing().entities())
        .isEqualTo(2 + after.values().stream().filter(thing -> !thing.removed()).count());
  }

  @Test
  void since_tooLongAgoOrDropped_isTooMuch() {
    planting().world(world.id());
    for (int i = 0; i < 5; i++) {
      make(new Edit.SetFlag("tide", new Reading.Count(10 + i), ""));
    }
    assertThat(since(7).things()).isEmpty();
    assertThat(since(2).flags()).singleElement().extracting(FlagNews::firstSeq).isEqualTo(3L);
    News told = database().read("t", handle -> ChangeTable.since(handle, world.id(), 2, 4));
    assertThat(told).isEqualTo(News.tooMuch(7));
    assertThat(since(8)).isEqualTo(News.tooMuch(7));

    clock.advance(Duration.ofDays(1));
    make(new Edit.SetFlag("tide", new Reading.Count(1), ""));
    assertThat(forget(5)).isEqualTo(5);
    assertThat(forget(5)).isEqualTo(2);
    assertThat(forget(5)).isZero();
    assertThat(since(6)).isEqualTo(News.tooMuch(8));
    assertThat(since(7).flags()).hasSize(1);
  }

  @Test
  void forget_oldChanges_keepsTheOthers() {
    planting().world(world.id());
    WorldConfig config = Config.of(Map.of()).read("world", WorldConfig.class);
    Upkeep upkeep = new Upkeep(planting(), database(), config, clock);
    upkeep.forget(new Running());
    assertThat(logged()).hasSize(2);

    clock.advance(Duration.ofDays(31));
    upkeep.forget(new Running());
    assertThat(logged()).isEmpty();
    assertThat(standing().head()).isEqualTo(2);
  }

  /// Nobody asks the loop to end.
  private static final class Running implements Stopping {
    @Override
    public boolean requested() {
      return false;
    }

    @Override
    public boolean await(Duration time) {
      return false;
    }
  }

  private int forget(int most) {
    return database()
        .write(
            "t",
            handle ->
                ChangeTable.forget(handle, world.id(), clock.instant().minusSeconds(60), most));
  }

  private List<Chronicle.Done> write(int writer) {
    Random random = new Random(writer);
    List<Chronicle.Done> done = new ArrayList<>();
    for (int step = 0; step < STEPS; step++) {
      String id = IDS.get(random.nextInt(IDS.size()));
      Edit edit =
          switch (random.nextInt(4)) {
            case 0 -> new Edit.Create(thing(id, "quay", "By " + writer));
            case 1 -> new Edit.Remove(id, random.nextBoolean() ? "" : "3");
            default ->
                new Edit.Change(
                    id,
                    new Patch(
                        Set.of("components.by" + writer),
                        thing(id, "", "")
                            .with(
                                new TreeMap<>(
                                    Map.of("by" + writer, text(Integer.toString(step)))))),
                    "");
          };
      try {
        done.add(make(edit));
      } catch (StatusRuntimeException refused) {
        assertThat(refused.getStatus().getCode())
            .isIn(Status.Code.ALREADY_EXISTS, Status.Code.NOT_FOUND, Status.Code.ABORTED);
      }
    }
    return done;
  }

  private static void follow(Map<String, Thing> after, Thing next, int step) {
    Thing before = after.put(next.id(), next);
    assertThat(next.version()).isEqualTo((before == null ? 0 : before.version()) + step);
  }

  private static <T> List<T> inParallel(int threads, IntFunction<T> work) throws Exception {
    try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Callable<T>> calls = new ArrayList<>();
      IntStream.range(0, threads).forEach(i -> calls.add(() -> work.apply(i)));
      List<T> results = new ArrayList<>();
      for (Future<T> result : executor.invokeAll(calls)) {
        results.add(result.get());
      }
      return results;
    }
  }

  private static Edit patch(String id, String region, String etag) {
    return new Edit.Change(id, new Patch(Set.of(Thing.REGION), thing(id, region, "")), etag);
  }

  private Chronicle.Done make(Edit... edits) {
    return make(chronicle(), edits);
  }

  private Chronicle.Done make(Chronicle chronicle, Edit... edits) {
    List<Proposal> proposals = new ArrayList<>();
    for (int i = 0; i < edits.length; i++) {
      proposals.add(new Proposal(edits[i], edits.length == 1 ? "" : "changes[" + i + "]."));
    }
    return database()
        .write("t", handle -> chronicle.make(handle, world, proposals, "tester", clock.instant()));
  }

  private Planting planting() {
    return new Planting(List.of(world), database(), chronicle(), clock);
  }

  private Chronicle chronicle() {
    return new Chronicle(pool().outbox("world"), new Chronicle.Bounds(1_000, 1_000));
  }

  private News since(long after) {
    return database().read("t", handle -> ChangeTable.since(handle, world.id(), after, 100));
  }

  private @Nullable Thing find(String id) {
    return database().read("t", handle -> EntityTable.find(handle, world.id(), id)).orElse(null);
  }

  private WorldTable.Standing standing() {
    return database()
        .read("t", handle -> WorldTable.list(handle, new TreeSet<>(Set.of(world.id()))))
        .getFirst();
  }

  private List<Long> logged() {
    return Objects.requireNonNull(direct)
        .withHandle(handle ->
            handle
                .createQuery("select seq from world.change where world = :world order by seq")
                .bind("world", world.id())
                .mapTo(Long.class)
                .list());
  }

  /// Returns the names of this world's events, oldest first.
  private List<String> events() {
    return Objects.requireNonNull(direct)
        .withHandle(handle ->
            handle
                .createQuery(
                    """
                    select split_part(subject, '.', 3) from world.outbox
                    where subject like '%.' || :world order by seq\
                    """)
                .bind("world", world.id())
                .mapTo(String.class)
                .list());
  }

  private static DatabasePool pool() {
    return Objects.requireNonNull(pool);
  }

  private static Database database() {
    return pool().database("world");
  }
}
