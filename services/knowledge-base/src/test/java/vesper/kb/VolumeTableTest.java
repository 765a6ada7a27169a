package vesper.kb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import vesper.kb.GrantTable.Lesson;
import vesper.kb.VolumeTable.Stored;
import vesper.retrieval.ChunkSizes;
import vesper.retrieval.Chunker;
import vesper.retrieval.UnitVector;
import vesper.runtime.Database;
import vesper.runtime.DatabasePool;
import vesper.runtime.Secret;
import vesper.testing.PostgresExtension;
import vesper.testing.TestClock;
import vesper.testing.TestDatabase;

/// Documents and lessons in PostgreSQL.
@ExtendWith(PostgresExtension.class)
class VolumeTableTest {
  private static final List<Volume> VOLUMES =
      new PackVolumes(new Chunker(ChunkSizes.USUAL)).of(Packs.standard());
  private static @Nullable DatabasePool pool;
  private String world = "";

  @BeforeAll
  static void open(TestDatabase database) {
    pool = DatabasePool.open(database.jdbcUrl(), database.user(), new Secret(database.password()));
    pool.migrate(List.of("kb"));
  }

  @AfterAll
  static void close() {
    Objects.requireNonNull(pool).close();
  }

  @BeforeEach
  void newWorld() {
    world = "w-" + UUID.randomUUID().toString().substring(0, 8);
  }

  private static Database database() {
    return Objects.requireNonNull(pool).database("kb");
  }

  private int replaceAll(List<Volume> volumes, String cutBy) {
    return database()
        .write("test", handle -> VolumeTable.replaceAll(handle, world, volumes, cutBy));
  }

  private int putVectors(Map<String, Meant> vectors) {
    return database().write("test", handle -> VolumeTable.putVectors(handle, world, vectors));
  }

  private Stored read() {
    return database().read("test", handle -> VolumeTable.read(handle, world));
  }

  private int chunks() {
    return database()
        .read(
            "test",
            handle ->
                handle
                    .createQuery("select count(*) from kb.chunk where world_id = :world")
                    .bind("world", world)
                    .mapTo(Integer.class)
                    .one());
  }

  private static Meant meant(float... values) {
    return Meant.by("m", UnitVector.of(values).orElseThrow());
  }

  private static String chunk(Volume volume, int chapter) {
    return volume.chapters().get(chapter).chunks().getFirst().id();
  }

  @Test
  void replaceAll_givesBackWhatWasPut() {
    assertThat(replaceAll(VOLUMES, "1")).isEqualTo(3);

    assertThat(read()).isEqualTo(new Stored(1, VOLUMES, Map.of()));
  }

  @Test
  void replaceAll_again_changesNothing() {
    replaceAll(VOLUMES, "1");

    assertThat(replaceAll(VOLUMES, "1")).isZero();
    assertThat(read().version()).isEqualTo(1);
  }

  @Test
  void replaceAll_otherRules_cutAnew() {
    replaceAll(VOLUMES, "1");

    assertThat(replaceAll(VOLUMES, "2")).isEqualTo(3);
    assertThat(read().version()).isEqualTo(2);
    assertThat(replaceAll(VOLUMES, "2")).isZero();
  }

  @Test
  void replaceAll_shrunkAndMissingDocuments_leaveNothingBehind() {
    replaceAll(VOLUMES, "1");
    var river = VOLUMES.getFirst();
    var shrunk =
        new Volume(
            river.id(), river.title(), river.tags(), "other", river.chapters().subList(0, 2));

    assertThat(replaceAll(List.of(shrunk), "1")).isEqualTo(3);

    assertThat(read()).isEqualTo(new Stored(2, List.of(shrunk), Map.of()));
    assertThat(chunks()).isEqualTo(2);
    assertThat(replaceAll(List.of(), "1")).isEqualTo(1);
    assertThat(chunks()).isZero();
  }

  @Test
  void replaceAll_ofNothing_isAVersion() {
    assertThat(replaceAll(List.of(), "1")).isZero();

    assertThat(read()).isEqualTo(new Stored(1, List.of(), Map.of()));
    assertThat(replaceAll(List.of(), "1")).isZero();
    assertThat(read().version()).isEqualTo(1);
  }

  @Test
  void replaceAll_unchangedPassages_keepTheirVectors() {
    replaceAll(VOLUMES, "1");
    var river = VOLUMES.getFirst();
    putVectors(Map.of(chunk(river, 0), meant(1, 2), chunk(river, 1), meant(3, 4)));
    List<Chapter> chapters = new ArrayList<>(river.chapters());
    chapters.remove(1);
    var changed = new Volume(river.id(), river.title(), river.tags(), "other", chapters);

    replaceAll(List.of(changed), "1");

    assertThat(read().vectors()).containsOnlyKeys(chunk(river, 0));
  }

  @Test
  void replaceAll_ofOtherWorlds_isApart() {
    replaceAll(VOLUMES, "1");
    var first = world;
    newWorld();
    replaceAll(VOLUMES, "1");
    putVectors(Map.of(chunk(VOLUMES.getFirst(), 0), meant(1, 2)));
    replaceAll(List.of(), "1");
    world = first;

    assertThat(read()).isEqualTo(new Stored(1, VOLUMES, Map.of()));
  }

  @Test
  void putVectors_givesThemBack_andCountsChanges() {
    replaceAll(VOLUMES, "1");
    var id = chunk(VOLUMES.getFirst(), 0);

    assertThat(putVectors(Map.of(id, meant(3, 4), "gone", meant(1, 0)))).isEqualTo(1);
    assertThat(putVectors(Map.of(id, meant(4, 3)))).isZero();
    assertThat(putVectors(Map.of())).isZero();

    var kept = Objects.requireNonNull(read().vectors().get(id));
    assertThat(kept.space()).isEqualTo("m/2");
    assertThat(kept.vector().cosine(meant(3, 4).vector())).isCloseTo(1, within(1e-6));
  }

  @Test
  void withoutVector_namesThoseStillToBeMade() {
    replaceAll(VOLUMES, "1");
    var first = chunk(VOLUMES.getFirst(), 0);
    var second = chunk(VOLUMES.getFirst(), 1);
    putVectors(Map.of(first, meant(3, 4)));

    Map<Optional<String>, List<String>> missing = new HashMap<>();
    for (var space : List.of(Optional.<String>empty(), Optional.of("m/2"), Optional.of("n/2"))) {
      var found =
          database()
              .read(
                  "test",
                  handle ->
                      VolumeTable.withoutVector(
                          handle, world, List.of(first, second, "gone"), space));
      missing.put(space, found.stream().sorted().toList());
    }

    assertThat(missing)
        .containsEntry(Optional.empty(), List.of(second))
        .containsEntry(Optional.of("m/2"), List.of(second))
        .containsEntry(Optional.of("n/2"), List.of(first, second).stream().sorted().toList());
  }

  @Test
  void raise_countsUp() {
    database().run("test", handle -> VolumeTable.raise(handle, world));
    database().run("test", handle -> VolumeTable.raise(handle, world));

    long version = database().read("test", handle -> VolumeTable.version(handle, world));
    assertThat(version).isEqualTo(2);
    assertThat(database().<Long>read("test", handle -> VolumeTable.version(handle, "none")))
        .isZero();
  }

  @Test
  void grant_again_keepsTheFirstTeller() {
    var mara = new Subject(Subject.Kind.NPC, "mara-vey");
    var lesson = new Lesson(world, mara, "d#s");
    var now = TestClock.START;

    assertThat(database().<String>write("t", h -> GrantTable.put(h, lesson, "tam", now)))
        .isEqualTo("tam");
    assertThat(
            database()
                .<String>write("t", h -> GrantTable.put(h, lesson, "pip", now.plusSeconds(9))))
        .isEqualTo("tam");
    assertThat(database().<Object>read("t", h -> GrantTable.learned(h, world, List.of(mara))))
        .isEqualTo(Map.of(mara, Set.of("d#s")));
    var namesake = new Subject(Subject.Kind.PLAYER, "mara-vey");
    assertThat(database().<Object>read("t", h -> GrantTable.learned(h, world, List.of(namesake))))
        .isEqualTo(Map.of());
    assertThat(database().<Boolean>write("t", h -> GrantTable.remove(h, lesson))).isTrue();
    assertThat(database().<Boolean>write("t", h -> GrantTable.remove(h, lesson))).isFalse();
  }
}
