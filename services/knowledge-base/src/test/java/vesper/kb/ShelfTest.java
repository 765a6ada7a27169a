package vesper.kb;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import vesper.kb.Chapter.Standing;
import vesper.kb.Shelf.Limits;
import vesper.kb.VolumeTable.Stored;
import vesper.retrieval.Audience;
import vesper.retrieval.ChunkSizes;
import vesper.retrieval.Chunker;
import vesper.retrieval.RankingRules;
import vesper.retrieval.Section;
import vesper.retrieval.UnitVector;

class ShelfTest {
  private static final String SPACE = "hash-1/" + WordVectors.DIMENSIONS;
  private static final List<String> LABELS = List.of("NPC:a", "NPC:b", "FACTION:f", "REGION:r");
  private static final RankingRules RULES = new RankingRules(60, 100, 5_000, .999999);

  private static Meant meant(String text) {
    return Meant.by("hash-1", UnitVector.of(WordVectors.vector("hash-1", text)).orElseThrow());
  }

  private static Map<String, Meant> vectors(List<Volume> volumes) {
    Map<String, Meant> vectors = new HashMap<>();
    for (var volume : volumes) {
      for (var chapter : volume.chapters()) {
        chapter.chunks().forEach(chunk -> vectors.put(chunk.id(), meant(chunk.inContext())));
      }
    }
    return vectors;
  }

  private static Shelf shelf(List<Volume> volumes, Map<String, Meant> vectors) {
    return new Shelf("w", new Stored(1, volumes, vectors), RULES);
  }

  /// Random documents with random audiences and words to keep.
  private static List<Volume> volumes(Random random, int count) {
    var chunker = new Chunker(ChunkSizes.USUAL);
    List<Volume> volumes = new ArrayList<>();
    for (int v = 0; v < count; v++) {
      var id = "d" + v;
      List<Chapter> chapters = new ArrayList<>();
      for (int c = 0; c < 1 + random.nextInt(6); c++) {
        var text = "kettle secret%s%d word%d".formatted(id, c, random.nextInt(1_000));
        var section = new Section("s" + c, List.of("Title", "Heading" + c), text);
        List<Set<String>> clauses = new ArrayList<>();
        for (int n = 0; n < random.nextInt(3); n++) {
          clauses.add(Set.copyOf(some(random, LABELS, 1 + random.nextInt(2))));
        }
        boolean isOpen = random.nextInt(3) == 0;
        var terms = some(random, List.of("amber", "Amber", "brine", "copper"), random.nextInt(3));
        chapters.add(
            new Chapter(
                id + "#s" + c,
                section.headings(),
                text,
                new Standing(Certainty.CANON, isOpen ? Audience.EVERYBODY : new Audience(clauses)),
                List.copyOf(terms),
                chunker.chunks(id, section)));
      }
      volumes.add(new Volume(id, "Title", List.of(), "00", chapters));
    }
    return volumes;
  }

  private static Set<String> some(Random random, List<String> of, int count) {
    Set<String> some = new HashSet<>();
    for (int n = 0; n < count; n++) {
      some.add(of.get(random.nextInt(of.size())));
    }
    return some;
  }

  private static Knower knower(Random random, List<Chapter> chapters) {
    var labels = some(random, LABELS, random.nextInt(4));
    labels.add(Audience.PUBLIC);
    Set<String> learned = new HashSet<>();
    for (int n = 0; n < random.nextInt(3); n++) {
      learned.add(chapters.get(random.nextInt(chapters.size())).id());
    }
    return new Knower(labels, learned);
  }

  /// Says anew, from clauses, labels and lessons, whether a chapter is open.
  private static boolean isOpen(Chapter chapter, List<Knower> knowers) {
    for (var knower : knowers) {
      boolean mayKnow = knower.learned().contains(chapter.id());
      for (var clause : chapter.standing().audience().clauses()) {
        boolean hasAll = true;
        for (var label : clause) {
          hasAll &= knower.labels().contains(label);
        }
        mayKnow |= hasAll;
      }
      if (!mayKnow) {
        return false;
      }
    }
    return true;
  }

  @Property(tries = 150)
  void search_neverLeaks_andFindsAsManyAsAreOpen(
      @ForAll long seed,
      @ForAll @IntRange(min = 0, max = 2) int askers,
      @ForAll @IntRange(min = 1, max = 50) int limit,
      @ForAll boolean withVectors) {
    var random = new Random(seed);
    var volumes = volumes(random, 1 + random.nextInt(8));
    var chapters = volumes.stream().flatMap(volume -> volume.chapters().stream()).toList();
    var knowers = IntStream.range(0, askers).mapToObj(_ -> knower(random, chapters)).toList();
    var shelf = shelf(volumes, withVectors ? vectors(volumes) : Map.of());
    var words = "kettle " + chapters.get(random.nextInt(chapters.size())).text();

    var result =
        shelf.search(words, Optional.of(meant(words)), new Limits(limit, 0), new Asking(knowers));

    var open = chapters.stream().filter(chapter -> isOpen(chapter, knowers)).toList();
    assertThat(result.found())
        .hasSize(Math.min(limit, open.size()))
        .allSatisfy(found -> {
          assertThat(open).contains(found.place().chapter());
          assertThat(found.hit().passage().section()).isEqualTo(found.place().chapter().id());
          assertThat(found.place().chapter().text()).contains(found.hit().passage().chunk().text());
        });
    assertThat(result.byMeaning()).isEqualTo(withVectors);
    Set<String> openTerms = new HashSet<>();
    open.forEach(
        chapter -> chapter.terms().forEach(term -> openTerms.add(term.toLowerCase(Locale.ROOT))));
    Set<String> closedTerms = new TreeSet<>();
    for (var chapter : chapters) {
      if (!open.contains(chapter)) {
        closedTerms.addAll(chapter.terms());
      }
    }
    closedTerms.removeIf(term -> openTerms.contains(term.toLowerCase(Locale.ROOT)));
    assertThat(result.closedTerms()).containsExactlyElementsOf(closedTerms);
    for (var volume : volumes) {
      assertThat(shelf.open(volume.id(), new Asking(knowers)).map(Volume::chapters))
          .isEqualTo(
              Optional.of(volume.chapters().stream().filter(open::contains).toList())
                  .filter(list -> !list.isEmpty()));
    }
  }

  @Test
  void space_isThatOfAllPassages_orNone() {
    var volumes = volumes(new Random(3), 4);
    var all = vectors(volumes);
    var first = all.keySet().iterator().next();

    assertThat(shelf(volumes, all).space()).contains(SPACE);
    assertThat(shelf(volumes, Map.of()).space()).isEmpty();

    var oneMissing = new HashMap<>(all);
    oneMissing.remove(first);
    var partial = shelf(volumes, oneMissing);
    assertThat(partial.space()).isEmpty();
    assertThat(partial.usualSpace()).contains(SPACE);
    assertThat(partial.blanks(Optional.empty()))
        .extracting(Shelf.Blank::chunk)
        .containsExactly(first);

    var oneOther = new HashMap<>(all);
    oneOther.put(first, new Meant("other/64", meant("x word").vector()));
    var mixed = shelf(volumes, oneOther);
    assertThat(mixed.space()).isEmpty();
    assertThat(mixed.blanks(Optional.empty())).isEmpty();
    assertThat(mixed.blanks(Optional.of(SPACE))).hasSize(1);
    assertThat(mixed.blanks(Optional.of("other/64"))).hasSize(all.size() - 1);
  }

  @Test
  void search_meaningOfAnotherSpace_doesNotCount() {
    var volumes = volumes(new Random(3), 4);
    var other = new Meant("other/64", meant("kettle").vector());

    var result =
        shelf(volumes, vectors(volumes))
            .search("kettle", Optional.of(other), new Limits(8, 0), Asking.EVERYTHING);

    assertThat(result.byMeaning()).isFalse();
    assertThat(result.found()).isNotEmpty().allMatch(found -> found.hit().meaningRank() == 0);
  }

  @Test
  void digest_dependsOnEveryDocument() {
    var volumes = volumes(new Random(3), 4);
    var digest = shelf(volumes, Map.of()).digest();

    assertThat(digest).matches("[0-9a-f]{64}");
    assertThat(shelf(volumes.subList(1, 4), Map.of()).digest()).isNotEqualTo(digest);
    assertThat(shelf(volumes, vectors(volumes)).digest()).isEqualTo(digest);
  }

  @Test
  void empty_hasNothing() {
    var shelf = shelf(List.of(), Map.of());

    var result = shelf.search("x", Optional.empty(), new Limits(8, 0), Asking.EVERYTHING);

    assertThat(result.found()).isEmpty();
    assertThat(shelf.open("d", Asking.EVERYTHING)).isEmpty();
    assertThat(shelf.sections()).isEmpty();
    assertThat(shelf.size()).isZero();
  }
}
