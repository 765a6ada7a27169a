package vesper.kb;

import io.grpc.Channel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import vesper.ai.v1.AiGrpc;
import vesper.ai.v1.EmbedKind;
import vesper.ai.v1.EmbedRequest;
import vesper.ai.v1.Embedding;
import vesper.retrieval.UnitVector;

/// Asks ai-integration what texts mean.
final class Meanings {
  private static final Logger LOG = LoggerFactory.getLogger(Meanings.class);

  private final AiGrpc.AiBlockingStub ai;
  private final Duration patience;

  /// @param patience longest time to wait for what a query means
  Meanings(Channel channel, Duration patience) {
    this.ai = AiGrpc.newBlockingStub(channel);
    this.patience = patience;
  }

  /// Returns what a query means; empty when that is not told in time.
  Optional<Meant> ofQuery(String words) {
    try {
      var stub = ai.withDeadlineAfter(patience.toNanos(), TimeUnit.NANOSECONDS);
      return Optional.of(ask(stub, List.of(words), EmbedKind.EMBED_KIND_QUERY).getFirst());
    } catch (StatusRuntimeException e) {
      LOG.atDebug()
          .addKeyValue("status", e.getStatus().getCode())
          .log("Nobody tells what a query means; it is searched by words");
      return Optional.empty();
    }
  }

  /// Returns what each of some passages means.
  ///
  /// @throws StatusRuntimeException what the call ended with, UNAVAILABLE for vectors that cannot
  ///   be used
  List<Meant> ofPassages(List<String> texts) {
    return ask(ai, texts, EmbedKind.EMBED_KIND_PASSAGE);
  }

  private static List<Meant> ask(AiGrpc.AiBlockingStub stub, List<String> texts, EmbedKind kind) {
    var answer = stub.embed(EmbedRequest.newBuilder().addAllTexts(texts).setKind(kind).build());
    if (answer.getEmbeddingsCount() != texts.size()) {
      throw unusable("another number of vectors than of texts");
    }
    List<Meant> meanings = new ArrayList<>();
    for (var embedding : answer.getEmbeddingsList()) {
      var vector = UnitVector.of(values(embedding));
      meanings.add(
          Meant.by(answer.getModel(), vector.orElseThrow(() -> unusable("a vector of nothing"))));
    }
    return meanings;
  }

  private static float[] values(Embedding embedding) {
    var values = new float[embedding.getValuesCount()];
    for (int i = 0; i < values.length; i++) {
      values[i] = embedding.getValues(i);
    }
    return values;
  }

  private static StatusRuntimeException unusable(String what) {
    return Status.UNAVAILABLE.withDescription(what).asRuntimeException();
  }
}
