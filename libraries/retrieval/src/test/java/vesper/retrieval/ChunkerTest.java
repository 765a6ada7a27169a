package vesper.retrieval;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class ChunkerTest {
  private static final Chunker CHUNKER = new Chunker(ChunkSizes.USUAL);

  private static Section section(String text) {
    return new Section("s", List.of("Title", "S"), text);
  }

  private static List<Chunk> chunks(String text) {
    return CHUNKER.chunks("doc", section(text));
  }

  private static String words(int from, int count) {
    return IntStream.range(from, from + count).mapToObj(n -> "w" + n).collect(joining(" "));
  }

  private static String sentence(int from, int count) {
    return "W" + words(from, count).substring(1) + ". ";
  }

  private static int first(Chunk chunk) {
    return Integer.parseInt(chunk.text().split("\\D+", 3)[1]);
  }

  @Test
  void chunks_ofThousandWords_overlapBy45() {
    assertThat(chunks(words(0, 1_000)))
        .extracting(ChunkerTest::first, Chunk::tokens)
        .containsExactly(tuple(0, 300), tuple(255, 300), tuple(510, 300), tuple(765, 235));
  }

  @Test
  void chunks_smallTail_joinsTheOneBefore() {
    assertThat(chunks(words(0, 844)))
        .extracting(ChunkerTest::first, Chunk::tokens)
        .containsExactly(tuple(0, 300), tuple(255, 300), tuple(510, 334));
    assertThat(chunks(words(0, 845)))
        .extracting(ChunkerTest::first, Chunk::tokens)
        .endsWith(tuple(765, 80));
  }

  @Test
  void chunks_ofSentences_endWithOne() {
    var text = IntStream.range(0, 20).mapToObj(n -> sentence(n * 40, 40)).collect(joining());

    var chunks = chunks(text);

    assertThat(chunks).allSatisfy(chunk -> assertThat(chunk.text()).startsWith("W").endsWith("."));
    assertThat(chunks)
        .extracting(ChunkerTest::first, Chunk::tokens)
        .containsExactly(tuple(0, 320), tuple(280, 320), tuple(560, 240));
  }

  @Test
  void chunks_longSentences_doNotOverlap() {
    var text = IntStream.range(0, 6).mapToObj(n -> sentence(n * 150, 150)).collect(joining());

    assertThat(chunks(text))
        .extracting(ChunkerTest::first, Chunk::tokens)
        .containsExactly(tuple(0, 300), tuple(300, 300), tuple(600, 300));
  }

  @Test
  void chunks_paragraphThatDoesNotFit_beginsTheNext() {
    var text =
        sentence(0, 100) + sentence(100, 100) + "\n\n" + sentence(200, 90) + sentence(290, 130);

    assertThat(chunks(text))
        .extracting(ChunkerTest::first, Chunk::tokens)
        .containsExactly(tuple(0, 200), tuple(200, 220));
  }

  @Test
  void chunks_tableOfManyTokens_staysWhole() {
    var table = "| a | b |\n|---|---|\n" + "| one | two |\n".repeat(90);
    var chunks = chunks("Before. ".repeat(60) + "\n\n" + table + "\n" + "After. ".repeat(100));

    assertThat(chunks).filteredOn(c -> c.text().contains("|")).hasSize(1);
    assertThat(chunks).anySatisfy(c -> assertThat(c.text()).isEqualTo(table.strip()));
    assertThat(chunks.get(1).tokens()).isBetween(401, 480);
    assertThat(chunks.get(2).text()).startsWith("After.");
  }

  @Test
  void chunks_codeOverTheBound_isCut() {
    assertThat(chunks("```\n" + words(0, 900) + "\n```"))
        .hasSizeGreaterThan(2)
        .allSatisfy(chunk -> assertThat(chunk.tokens()).isLessThanOrEqualTo(480));
  }

  @Test
  void chunks_itemsOfAList_areSentences() {
    var text =
        IntStream.range(0, 30).mapToObj(n -> "- item " + words(n * 20, 18)).collect(joining("\n"));

    assertThat(chunks(text))
        .hasSizeGreaterThan(1)
        .allSatisfy(chunk -> assertThat(chunk.text()).startsWith("- item"));
  }

  @Test
  void chunks_ofNoWords_areNone() {
    assertThat(chunks("")).isEmpty();
    assertThat(chunks("***\n\n[a]: b.md")).isEmpty();
  }

  @Test
  void id_dependsOnAllThatMakesIt() {
    var id = chunks("Words.").getFirst().id();

    assertThat(id).matches("[0-9a-f]{64}").isEqualTo(chunks("Words.").getFirst().id());
    assertThat(id)
        .isNotEqualTo(chunks("Word.").getFirst().id())
        .isNotEqualTo(CHUNKER.chunks("other", section("Words.")).getFirst().id())
        .isNotEqualTo(
            CHUNKER
                .chunks("doc", new Section("s-2", List.of("Title", "S"), "Words."))
                .getFirst()
                .id());
  }

  @Test
  void inContext_prefixesThirtyTokensOfHeadings() {
    var near = new Section("s", List.of(words(0, 25), "Near by", "Own"), "Words.");
    var own = new Section("s", List.of(words(0, 40)), "Words.");

    assertThat(CHUNKER.chunks("d", near).getFirst().inContext())
        .startsWith("w0 w1")
        .endsWith("w24 – Near by – Own\nWords.");
    assertThat(
            CHUNKER
                .chunks("d", new Section("s", List.of(words(0, 28), "Near by", "Own"), "Words."))
                .getFirst()
                .inContext())
        .isEqualTo("Near by – Own\nWords.");
    assertThat(CHUNKER.chunks("d", own).getFirst().inContext())
        .isEqualTo(words(0, 30) + "\nWords.");
    assertThat(new Chunk("id", List.of(), 0, 1, "x", 1).inContext()).isEqualTo("x");
  }

  @Test
  void sizes_thatDoNotGoTogether_areRefused() {
    assertThatThrownBy(() -> new ChunkSizes(300, 200, 80, 45, 480))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Provide
  Arbitrary<String> texts() {
    var word = Arbitraries.strings().withChars("abcdeé\u6f22").ofMinLength(1).ofMaxLength(20);
    var between =
        Arbitraries.of(" ", " ", " ", ". ", "! ", "\n", "\n\n", "\n\n- ", "\n\n| a |\n|---|\n| ");
    return word.list()
        .ofMaxSize(400)
        .flatMap(words ->
            between
                .list()
                .ofSize(words.size())
                .map(joints -> {
                  var text = new StringBuilder();
                  for (int i = 0; i < words.size(); i++) {
                    text.append(words.get(i)).append(joints.get(i));
                  }
                  return text.toString();
                }));
  }

  @Property(tries = 200)
  void chunks_holdEveryWordInOrder(@ForAll("texts") String text) {
    var small = new Chunker(new ChunkSizes(20, 30, 8, 5, 40));

    var chunks = small.chunks("doc", section(text));

    int covered = 0;
    for (var chunk : chunks) {
      assertThat(chunk.text()).isEqualTo(text.substring(chunk.start(), chunk.end()));
      assertThat(chunk.tokens()).isBetween(1, 40);
      assertThat(chunk.end()).isGreaterThan(covered);
      if (chunk.start() > covered) {
        assertThat(text.substring(covered, chunk.start())).isBlank();
      }
      covered = chunk.end();
    }
    assertThat(text.substring(covered)).isBlank();
  }
}
