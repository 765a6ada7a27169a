package vesper.world;

import static org.assertj.core.api.Assertions.assertThat;
import static vesper.world.Things.text;
import static vesper.world.Things.thing;

import com.google.protobuf.Struct;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import vesper.world.v1.DeltaKind;
import vesper.world.v1.EntityDelta;
import vesper.world.v1.Flag;
import vesper.world.v1.WorldFrame;

class FramesTest {
  private static final String TOKEN = "t".repeat(43);

  @Test
  void pack_nothing_isOneEmptyFrame() {
    assertThat(Frames.pack(List.of(), List.of()))
        .singleElement()
        .extracting(WorldFrame.Builder::build)
        .isEqualTo(WorldFrame.getDefaultInstance());
  }

  @Test
  void pack_largestEntity_entersInPieces() {
    SortedMap<String, Struct> components = new TreeMap<>();
    IntStream.range(0, 7).forEach(i -> components.put("c" + i, text("x".repeat(8_170))));
    Thing thing = thing("item:book", "quay", "").with(components);

    List<WorldFrame> frames = packed(List.of(new Delta.Enter(thing)), List.of());

    assertThat(frames).hasSizeGreaterThan(3);
    assertThat(frames.stream().flatMap(frame -> frame.getEntitiesList().stream()))
        .extracting(EntityDelta::getKind)
        .startsWith(DeltaKind.DELTA_KIND_ENTER, DeltaKind.DELTA_KIND_UPDATE);
    WatchingClient client = new WatchingClient();
    frames.forEach(client::take);
    assertThat(client.entities())
        .hasEntrySatisfying(
            "item:book", book -> assertThat(book).isEqualTo(EntityMessages.entity(thing, true)));
  }

  @Property(tries = 200)
  void pack_anything_fitsAndIsAllThere(@ForAll long seed) {
    Random random = new Random(seed);
    List<Delta> deltas = new ArrayList<>();
    WatchingClient expected = new WatchingClient();
    for (int i = 0; i < 40; i++) {
      Delta delta = random("e" + random.nextInt(12), random, expected);
      deltas.add(delta);
      packed(List.of(delta), List.of()).forEach(expected::take);
    }
    List<Flag> flags =
        IntStream.range(0, random.nextInt(60))
            .mapToObj(i -> Flag.newBuilder().setFlagId("f" + i).setSaid("é".repeat(300)).build())
            .toList();

    List<WorldFrame> frames = packed(deltas, flags);

    WatchingClient client = new WatchingClient();
    frames.forEach(client::take);
    assertThat(client.entities()).isEqualTo(expected.entities());
    assertThat(frames.stream().mapToInt(WorldFrame::getFlagsCount).sum()).isEqualTo(flags.size());
    assertThat(frames.stream().allMatch(f -> f.getEntitiesCount() + f.getFlagsCount() > 0))
        .isTrue();
  }

  private static Delta random(String id, Random random, WatchingClient client) {
    SortedMap<String, Struct> components = new TreeMap<>();
    for (int i = random.nextInt(8); i > 0; i--) {
      String bytes = "x".repeat(random.nextInt(random.nextBoolean() ? 100 : 8_170));
      components.put("c" + random.nextInt(32), text(bytes));
    }
    Thing thing = thing(id, "quay", "").with(components);
    if (!client.entities().containsKey(id) || random.nextInt(4) == 0) {
      return new Delta.Enter(thing);
    }
    return switch (random.nextInt(3)) {
      case 0 -> new Delta.Leave(id, 3);
      case 1 -> new Delta.Remove(id, 3);
      default -> {
        TreeSet<String> gone = new TreeSet<>();
        IntStream.range(0, 64).forEach(i -> gone.add("g".repeat(60) + i));
        yield new Delta.Update(thing, gone);
      }
    };
  }

  private static List<WorldFrame> packed(List<Delta> deltas, List<Flag> flags) {
    return Frames.pack(deltas, flags).stream()
        .map(frame ->
            frame
                .setSeqFrom(Long.MAX_VALUE)
                .setSeqTo(Long.MAX_VALUE)
                .setMore(true)
                .setResumeToken(TOKEN)
                .build())
        .toList();
  }
}
