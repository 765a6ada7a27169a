package vesper.ai;

import com.google.common.primitives.Floats;
import io.grpc.Context;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import vesper.ai.v1.AiGrpc;
import vesper.ai.v1.Decision;
import vesper.ai.v1.EmbedRequest;
import vesper.ai.v1.EmbedResponse;
import vesper.ai.v1.Embedding;
import vesper.ai.v1.GenerateFrame;
import vesper.ai.v1.GenerateRequest;
import vesper.ai.v1.GenerateResponse;
import vesper.ai.v1.GetDecisionRequest;
import vesper.ai.v1.ListDecisionsRequest;
import vesper.ai.v1.ListDecisionsResponse;
import vesper.runtime.Database;
import vesper.runtime.Ids;
import vesper.runtime.Refusal;

/// The rpcs of the door to the models.
final class AiService extends AiGrpc.AiImplBase {
  private static final int USUAL_PAGE = 50;
  private static final int LARGEST_PAGE = 500;
  private static final int PAGE_BYTES = 512 << 10;

  private final Answering answering;
  private final Embedder embedder;
  private final DecisionLog decisions;
  private final Database database;
  private final Ids ids;
  private final AiConfig config;

  AiService(
      Answering answering,
      Embedder embedder,
      DecisionLog decisions,
      Database database,
      Ids ids,
      AiConfig config) {
    this.answering = answering;
    this.embedder = embedder;
    this.decisions = decisions;
    this.database = database;
    this.ids = ids;
    this.config = config;
  }

  @Override
  public void generate(GenerateRequest request, StreamObserver<GenerateResponse> out) {
    WholeAudience audience = new WholeAudience();
    answering.answer(Ask.of(request, ids.next()), audience);
    answer(out, audience.answer());
  }

  /// Answers in a thread of its own: that the reader can take more, or left, is told in the one
  /// that this method would hold.
  @Override
  public void streamGenerate(GenerateRequest request, StreamObserver<GenerateFrame> out) {
    Ask ask = Ask.of(request, ids.next());
    StreamAudience audience =
        new StreamAudience(
            (ServerCallStreamObserver<GenerateFrame>) out, config.stream().blocked());
    Thread.ofVirtual()
        .name("answer")
        .start(
            Context.current()
                .wrap(() -> {
                  try {
                    answering.answer(ask, audience);
                  } catch (RuntimeException e) {
                    out.onError(e);
                    return;
                  }
                  out.onCompleted();
                }));
  }

  @Override
  public void embed(EmbedRequest request, StreamObserver<EmbedResponse> out) {
    EmbedResponse.Builder response = EmbedResponse.newBuilder().setModel(BgeSmall.NAME);
    try {
      for (float[] vector : embedder.embed(request.getTextsList(), request.getKind())) {
        response.addEmbeddings(Embedding.newBuilder().addAllValues(Floats.asList(vector)));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw Status.CANCELLED.withDescription("the server stops").asRuntimeException();
    }
    answer(out, response.build());
  }

  @Override
  public void getDecision(GetDecisionRequest request, StreamObserver<Decision> out) {
    String id = request.getDecisionId().toLowerCase(Locale.ROOT);
    answer(
        out,
        decisions
            .find(id)
            .orElseThrow(() -> Refusal.notFound("decisionId", "there is no record of this id")));
  }

  @Override
  public void listDecisions(
      ListDecisionsRequest request, StreamObserver<ListDecisionsResponse> out) {
    Optional<RecordPlace> after = RecordPlace.read(request);
    int size =
        request.getPageSize() == 0 ? USUAL_PAGE : Math.min(request.getPageSize(), LARGEST_PAGE);
    List<Decision> found =
        database.read(
            "decision.list", handle -> DecisionTable.list(handle, request, after, size + 1));
    ListDecisionsResponse.Builder response = ListDecisionsResponse.newBuilder();
    int bytes = 0;
    for (Decision decision : found) {
      bytes += decision.getSerializedSize();
      boolean full = response.getDecisionsCount() == size || bytes > PAGE_BYTES;
      if (full && response.getDecisionsCount() > 0) {
        Decision last = response.getDecisions(response.getDecisionsCount() - 1);
        response.setNextPageToken(place(last).write(request));
        break;
      }
      response.addDecisions(decision);
    }
    answer(out, response.build());
  }

  private static RecordPlace place(Decision decision) {
    return new RecordPlace(
        com.google.protobuf.util.Timestamps.toMicros(decision.getCreatedAt()),
        UUID.fromString(decision.getDecisionId()));
  }

  private static <T> void answer(StreamObserver<T> out, T message) {
    out.onNext(message);
    out.onCompleted();
  }
}
