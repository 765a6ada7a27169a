package vesper.world;

import static org.assertj.core.api.Assertions.assertThat;
import static vesper.world.Things.THEN;
import static vesper.world.Things.text;
import static vesper.world.Things.thing;

import com.google.protobuf.Struct;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class EditsTest {
  private static final Instant NOW = THEN.plusSeconds(60);
  private static final Thing NET = thing("item:net", "quay", "A net.").at(4, THEN);
  private static final FlagRule FERRY =
      new FlagRule("ferry.runs", new Reading.Truth(true), Map.of());

  @Test
  void create_freshId_isVersionOne() {
    assertThat(Edits.decide(new Edit.Create(NET), Thing.never("item:net"), NOW))
        .isEqualTo(new Outcome.Created(NET.at(1, NOW)));
  }

  @Test
  void create_removedId_goesOnWithTheNextVersion() {
    assertThat(Edits.decide(new Edit.Create(NET), NET.gone(THEN), NOW))
        .isEqualTo(new Outcome.Created(NET.at(5, NOW)));
  }

  @Test
  void create_idInUse_isTaken() {
    assertThat(Edits.decide(new Edit.Create(NET), NET, NOW)).isEqualTo(new Outcome.Taken());
  }

  @Test
  void change_namedFields_changesTheseAlone() {
    Thing values =
        new Thing(
            "item:net",
            "rope",
            "hill",
            null,
            new TreeSet<>(Set.of("wet")),
            new TreeMap<>(),
            9,
            true,
            NOW);
    Outcome outcome = change(new Patch(Set.of(Thing.REGION, Thing.POSITION), values), "4");

    assertThat(outcome).isInstanceOf(Outcome.Changed.class);
    Outcome.Changed changed = (Outcome.Changed) outcome;
    assertThat(changed.fields()).containsExactly(Thing.POSITION, Thing.REGION);
    assertThat(changed.after())
        .isEqualTo(
            new Thing(
                "item:net", "item", "hill", null, NET.tags(), NET.components(), 5, false, NOW));
  }

  @Test
  void change_oneComponent_keepsTheOthers() {
    Patch patch =
        new Patch(
            Set.of("components.look", "components.price", "components.none"),
            NET.with(new TreeMap<>(Map.of("price", text("Two pence.")))));
    Outcome.Changed changed = (Outcome.Changed) change(patch, "");

    assertThat(changed.fields()).containsExactly("components.look", "components.price");
    assertThat(changed.after().components()).containsOnlyKeys("price");
  }

  @Test
  void change_toTheSame_changesNothing() {
    assertThat(change(new Patch(Set.of(Thing.TAGS, Thing.COMPONENTS, Thing.TYPE), NET), ""))
        .isEqualTo(new Outcome.SameThing(NET));
  }

  @Test
  void change_otherVersion_isStale() {
    assertThat(change(new Patch(Set.of(Thing.TAGS), NET), "3")).isEqualTo(new Outcome.Stale(4));
    assertThat(change(new Patch(Set.of(Thing.TAGS), NET), "four")).isEqualTo(new Outcome.Stale(4));
    assertThat(Edits.decide(new Edit.Remove("item:net", "5"), NET, NOW))
        .isEqualTo(new Outcome.Stale(4));
  }

  @Test
  void change_nothingThere_isMissing() {
    Edit change = new Edit.Change("item:net", new Patch(Set.of(), NET), "");
    assertThat(Edits.decide(change, NET.gone(THEN), NOW)).isEqualTo(new Outcome.Missing());
    assertThat(Edits.decide(new Edit.Remove("item:net", ""), Thing.never("item:net"), NOW))
        .isEqualTo(new Outcome.Missing());
  }

  @Test
  void remove_keepsTheVersion() {
    Outcome.Removed removed =
        (Outcome.Removed) Edits.decide(new Edit.Remove("item:net", "4"), NET, NOW);
    assertThat(removed.after().version()).isEqualTo(4);
    assertThat(removed.after().removed()).isTrue();
    assertThat(removed.after().components()).isEmpty();
  }

  @Test
  void change_aboveALimit_isExcessive() {
    SortedMap<String, Struct> many = new TreeMap<>();
    IntStream.range(0, 33).forEach(i -> many.put("c" + i, text("x")));
    assertThat(change(new Patch(Set.of(Thing.COMPONENTS), NET.with(many)), ""))
        .isEqualTo(new Outcome.Excessive(Thing.COMPONENTS, "an entity has at most 32 components"));

    SortedMap<String, Struct> large = new TreeMap<>();
    large.put("book", text("x".repeat(8_193)));
    assertThat(change(new Patch(Set.of("components.book"), NET.with(large)), ""))
        .isEqualTo(new Outcome.Excessive("components.book", "a component has at most 8192 bytes"));

    SortedMap<String, Struct> heavy = new TreeMap<>();
    IntStream.range(0, 8).forEach(i -> heavy.put("c" + i, text("x".repeat(8_000))));
    assertThat(Edits.decide(new Edit.Create(NET.with(heavy)), Thing.never("item:net"), NOW))
        .isInstanceOf(Outcome.Excessive.class);

    TreeSet<String> tags = new TreeSet<>();
    IntStream.range(0, 33).forEach(i -> tags.add("t" + i));
    Thing tagged = new Thing("item:net", "item", "", null, tags, new TreeMap<>(), 0, false, THEN);
    assertThat(change(new Patch(Set.of(Thing.TAGS), tagged), ""))
        .isEqualTo(new Outcome.Excessive(Thing.TAGS, "an entity has at most 32 tags"));
  }

  @Test
  void setFlag_anotherValue_isTheNextVersion() {
    FlagState first = FlagState.unset("ferry.runs");
    FlagState second = new FlagState("ferry.runs", new Reading.Truth(false), 1);
    assertThat(set(new Reading.Truth(false), "0", first))
        .isEqualTo(new Outcome.Flagged(first, second));
    assertThat(set(null, "1", second))
        .isEqualTo(new Outcome.Flagged(second, new FlagState("ferry.runs", null, 2)));
  }

  @Test
  void setFlag_toWhatItIs_changesNothing() {
    FlagState first = FlagState.unset("ferry.runs");
    FlagState second = new FlagState("ferry.runs", new Reading.Truth(false), 1);
    assertThat(set(new Reading.Truth(true), "", first)).isEqualTo(new Outcome.SameFlag(first));
    assertThat(set(null, "", first)).isEqualTo(new Outcome.SameFlag(first));
    assertThat(set(new Reading.Truth(false), "", second)).isEqualTo(new Outcome.SameFlag(second));
  }

  @Test
  void setFlag_otherKindOrVersion_isRefused() {
    FlagState first = FlagState.unset("ferry.runs");
    assertThat(set(new Reading.Count(1), "", first))
        .isEqualTo(new Outcome.OtherKind(new Reading.Truth(true)));
    assertThat(set(new Reading.Truth(false), "1", first)).isEqualTo(new Outcome.Stale(0));
  }

  @Test
  void setFlag_thatThePackDoesNotKnow_comesAndGoes() {
    FlagState never = FlagState.unset("game.over");
    FlagState over = new FlagState("game.over", new Reading.Word("yes"), 1);
    assertThat(decide("game.over", null, never)).isEqualTo(new Outcome.Missing());
    assertThat(decide("game.over", new Reading.Word("yes"), never))
        .isEqualTo(new Outcome.Flagged(never, over));
    FlagState gone = new FlagState("game.over", null, 2);
    assertThat(decide("game.over", null, over)).isEqualTo(new Outcome.Flagged(over, gone));
    assertThat(decide("game.over", null, gone)).isEqualTo(new Outcome.SameFlag(gone));
  }

  private static Outcome change(Patch patch, String etag) {
    return Edits.decide(new Edit.Change("item:net", patch, etag), NET, NOW);
  }

  private static Outcome set(@Nullable Reading reading, String etag, FlagState now) {
    return Edits.decide(new Edit.SetFlag("ferry.runs", reading, etag), Optional.of(FERRY), now);
  }

  private static Outcome decide(String id, @Nullable Reading reading, FlagState now) {
    return Edits.decide(new Edit.SetFlag(id, reading, ""), Optional.empty(), now);
  }
}
