package vesper.npc;

import io.grpc.Channel;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import vesper.ai.v1.AiGrpc;
import vesper.ai.v1.EmbedKind;
import vesper.ai.v1.EmbedRequest;

/// Asks for the vectors of texts.
final class Embedder {
  private static final Duration FOR_MANY = Duration.ofSeconds(2);
  private static final int LONGEST = 8_000;

  private final AiGrpc.AiBlockingStub ai;
  private final Duration patience;
  private final Reach reach = new Reach();

  /// @param patience longest wait for what reminds of memories
  Embedder(Channel channel, Duration patience) {
    this.ai = AiGrpc.newBlockingStub(channel);
    this.patience = patience;
  }

  /// Returns the vector of words that remind of something, unless nobody makes it in time.
  Optional<Vector> query(String words) {
    if (!reach.isWorthAsking()) {
      return Optional.empty();
    }
    try {
      return Optional.of(embed(List.of(words), EmbedKind.EMBED_KIND_QUERY, patience).getFirst());
    } catch (StatusRuntimeException e) {
      reach.failed(e);
      return Optional.empty();
    }
  }

  /// Returns the vectors of memories, in their order.
  ///
  /// @throws StatusRuntimeException when nobody makes them
  List<Vector> passages(List<String> texts) {
    return embed(texts, EmbedKind.EMBED_KIND_PASSAGE, FOR_MANY);
  }

  private List<Vector> embed(List<String> texts, EmbedKind kind, Duration limit) {
    var request = EmbedRequest.newBuilder().setKind(kind);
    texts.forEach(text -> request.addTexts(Texts.cut(text, LONGEST)));
    var response =
        ai.withDeadlineAfter(limit.toMillis(), TimeUnit.MILLISECONDS).embed(request.build());
    reach.answered();
    return response.getEmbeddingsList().stream()
        .map(each -> Vector.of(response.getModel(), each.getValuesList()))
        .toList();
  }
}
