package vesper.ai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.common.primitives.Floats;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import vesper.ai.v1.EmbedKind;
import vesper.ai.v1.EmbedRequest;
import vesper.ai.v1.EmbedResponse;
import vesper.runtime.Bytes;
import vesper.testing.NatsExtension;
import vesper.testing.PostgresExtension;
import vesper.testing.TestDatabase;
import vesper.testing.TestNats;

@ExtendWith({NatsExtension.class, PostgresExtension.class})
class EmbedTest {
  private static final Embedder EMBEDDER =
      new Embedder(new AiConfig.Embed(2, new Bytes(1 << 20), false), BgeSmall::load);

  @Test
  void embed_vectorsHaveLengthOneAndTellMeaning() throws Exception {
    List<float[]> passages =
        EMBEDDER.embed(
            List.of(
                "The ledger is kept below the stairs.",
                "Wolves hunt in the northern hills.",
                "Salt is dearer than bread this winter."),
            EmbedKind.EMBED_KIND_PASSAGE);
    float[] query =
        EMBEDDER
            .embed(List.of("Where can I find the account book?"), EmbedKind.EMBED_KIND_QUERY)
            .getFirst();
    assertThat(passages)
        .allSatisfy(vector -> {
          assertThat(vector).hasSize(384);
          assertThat(product(vector, vector)).isCloseTo(1, within(1e-4));
        });
    assertThat(product(query, passages.get(0)))
        .isGreaterThan(product(query, passages.get(1)))
        .isGreaterThan(product(query, passages.get(2)));
  }

  @Test
  void embed_theSameText_hasTheSameVectorWhateverItComesWith() throws Exception {
    Embedder other = new Embedder(new AiConfig.Embed(1, new Bytes(1 << 20), false), BgeSmall::load);
    float[] alone = other.embed(List.of("A lantern."), EmbedKind.EMBED_KIND_PASSAGE).getFirst();
    float[] among =
        EMBEDDER
            .embed(
                List.of("x ".repeat(2_000), "A lantern.", "Another text, a longer one."),
                EmbedKind.EMBED_KIND_PASSAGE)
            .get(1);
    assertThat(among).containsExactly(alone);
  }

  @Test
  void embed_aQueryIsAnotherTextThanAPassage() throws Exception {
    float[] passage = EMBEDDER.embed(List.of("A key."), EmbedKind.EMBED_KIND_PASSAGE).getFirst();
    float[] query = EMBEDDER.embed(List.of("A key."), EmbedKind.EMBED_KIND_QUERY).getFirst();
    assertThat(product(passage, query)).isLessThan(.999);
  }

  @Test
  void embed_textsWithoutWords_haveTheVectorOfAnUnknownWord() throws Exception {
    List<float[]> vectors =
        EMBEDDER.embed(List.of(" \n", "\u200b\u0007", "A key."), EmbedKind.EMBED_KIND_PASSAGE);
    assertThat(product(vectors.get(0), vectors.get(0))).isCloseTo(1, within(1e-4));
    assertThat(vectors.get(1)).containsExactly(vectors.get(0));
    assertThat(product(vectors.get(0), vectors.get(2))).isLessThan(.999);
  }

  @Test
  void embed_overTheWire_namesItsModel(TestNats nats, TestDatabase database) {
    try (AiHost host = AiHost.start(nats, database)) {
      EmbedResponse response =
          host.caller()
              .embed(EmbedRequest.newBuilder().addTexts("A lantern.").addTexts("A key.").build());
      assertThat(response.getModel()).isEqualTo("bge-small-en-v1.5-q");
      assertThat(response.getEmbeddingsCount()).isEqualTo(2);
      float[] first = Floats.toArray(response.getEmbeddings(0).getValuesList());
      assertThat(product(first, first)).isCloseTo(1, within(1e-4));
    }
  }

  private static double product(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += (double) a[i] * b[i];
    }
    return sum;
  }
}
