package vesper.kb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.embedding.onnx.bgesmallenv15q.BgeSmallEnV15QuantizedEmbeddingModel;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import vesper.kb.Shelf.Limits;
import vesper.kb.VolumeTable.Stored;
import vesper.retrieval.ChunkSizes;
import vesper.retrieval.Chunker;
import vesper.retrieval.RankingRules;
import vesper.retrieval.UnitVector;
import vesper.worldpack.WorldPack;

/// Asks the documents of the sample world what players ask, with the vectors of a true model. Each
/// question names the section that answers it.
class RetrievalQualityTest {
  private static final int FIRST = 5;
  private static final String PREFIX = "Represent this sentence for searching relevant passages: ";
  private static final BgeSmallEnV15QuantizedEmbeddingModel MODEL =
      new BgeSmallEnV15QuantizedEmbeddingModel();

  /// A question and the section that answers it.
  private record Question(String words, String section) {}

  private static List<Question> questions() throws IOException {
    try (var in = RetrievalQualityTest.class.getResourceAsStream("/questions.tsv")) {
      return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .map(line -> line.split("\t"))
          .map(columns -> new Question(columns[0], columns[1]))
          .toList();
    }
  }

  private static Meant meant(float[] vector) {
    return Meant.by("bge", UnitVector.of(vector).orElseThrow());
  }

  private static Shelf shelf() {
    var pack =
        WorldPack.load(
            Path.of(System.getProperty("vesper.home", "../..")).resolve("worlds/body-broker"));
    var volumes = new PackVolumes(new Chunker(ChunkSizes.USUAL)).of(pack);
    var blanks =
        new Shelf("w", new Stored(1, volumes, Map.of()), RankingRules.USUAL)
            .blanks(Optional.empty());
    var embeddings =
        MODEL.embedAll(blanks.stream().map(blank -> TextSegment.from(blank.text())).toList());
    Map<String, Meant> vectors = new HashMap<>();
    for (int i = 0; i < blanks.size(); i++) {
      vectors.put(blanks.get(i).chunk(), meant(embeddings.content().get(i).vector()));
    }
    return new Shelf("w", new Stored(1, volumes, vectors), RankingRules.USUAL);
  }

  private static boolean finds(Shelf shelf, String words, Optional<Meant> meaning, String section) {
    return shelf.search(words, meaning, new Limits(FIRST, 0), Asking.EVERYTHING).found().stream()
        .anyMatch(found -> found.place().chapter().id().equals(section));
  }

  @Test
  void search_questionsOfPlayers_findTheirPassage() throws IOException {
    var shelf = shelf();
    var questions = questions();
    int byWords = 0;
    int byMeaning = 0;
    int fused = 0;
    var missed = new StringBuilder();
    for (var question : questions) {
      assertThat(shelf.find(question.section())).as(question.section()).isPresent();
      var meaning = Optional.of(meant(MODEL.embed(PREFIX + question.words()).content().vector()));
      byWords += finds(shelf, question.words(), Optional.empty(), question.section()) ? 1 : 0;
      byMeaning += finds(shelf, "", meaning, question.section()) ? 1 : 0;
      boolean found = finds(shelf, question.words(), meaning, question.section());
      fused += found ? 1 : 0;
      missed.append(found ? "" : "\n" + question.words());
    }
    int asked = questions.size();
    System.out.printf(
        "recall@5 of %d questions: words %.3f, meaning %.3f, fused %.3f; missed:%s%n",
        asked,
        byWords / (double) asked,
        byMeaning / (double) asked,
        fused / (double) asked,
        missed);
    assertThat(asked).isGreaterThanOrEqualTo(60);
    assertThat(fused).as("missed:%s", missed).isGreaterThanOrEqualTo((int) Math.ceil(.9 * asked));
    assertThat(fused).isGreaterThanOrEqualTo(Math.max(byWords, byMeaning));
  }
}
