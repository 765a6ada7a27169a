package vesper.npc;

import io.grpc.Context;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import vesper.ai.v1.AiGrpc;
import vesper.ai.v1.AnswerPath;
import vesper.ai.v1.DegradeReason;
import vesper.ai.v1.EmbedRequest;
import vesper.ai.v1.EmbedResponse;
import vesper.ai.v1.Embedding;
import vesper.ai.v1.GenerateDelta;
import vesper.ai.v1.GenerateDone;
import vesper.ai.v1.GenerateFrame;
import vesper.ai.v1.GenerateRequest;
import vesper.ai.v1.GenerateStarted;
import vesper.memory.Terms;
import vesper.runtime.Refusal;
import vesper.runtime.ServiceContext;
import vesper.runtime.ServiceModule;
import vesper.runtime.Wiring;

/// A door to models that says what it is told to say, and makes vectors of the words of texts.
final class Voices implements ServiceModule {
  private static final int DIMENSIONS = 64;

  /// How the door answers.
  interface Manner {
    void answer(GenerateRequest request, Speech speech);
  }

  final List<GenerateRequest> asked = new CopyOnWriteArrayList<>();
  final CountDownLatch cancelled = new CountDownLatch(1);
  private volatile Manner manner = (request, speech) -> speech.fallBack(request);
  private volatile boolean away;
  private volatile String model = "words-1";

  void speak(Manner newManner) {
    asked.clear();
    manner = newManner;
  }

  /// From now on every question is refused.
  void leave() {
    away = true;
  }

  void comeBack() {
    away = false;
  }

  /// From now on another model makes the vectors.
  void embedBy(String newModel) {
    model = newModel;
  }

  GenerateRequest last() {
    return asked.getLast();
  }

  @Override
  public String id() {
    return "ai-integration";
  }

  @Override
  public String domain() {
    return "ai";
  }

  @Override
  public Wiring wire(ServiceContext context) {
    return Wiring.of(new Rpcs());
  }

  /// The frames of one answer.
  static final class Speech {
    private final StreamObserver<GenerateFrame> out;
    private int index;

    private Speech(StreamObserver<GenerateFrame> out) {
      this.out = out;
    }

    Speech start(AnswerPath path) {
      out.onNext(
          GenerateFrame.newBuilder()
              .setStarted(GenerateStarted.newBuilder().setPath(path).setModel("m"))
              .build());
      return this;
    }

    Speech say(String words) {
      out.onNext(
          GenerateFrame.newBuilder()
              .setDelta(GenerateDelta.newBuilder().setIndex(index).setText(words))
              .build());
      index++;
      return this;
    }

    void done(GenerateDone.Builder done) {
      out.onNext(GenerateFrame.newBuilder().setDone(done).build());
    }

    void fallBack(GenerateRequest request) {
      start(AnswerPath.ANSWER_PATH_SCRIPTED)
          .say(request.getFallback().getText())
          .done(
              GenerateDone.newBuilder()
                  .setReason(
                      request.getForcedValue() == 0
                          ? DegradeReason.DEGRADE_REASON_DOWN_TIER
                          : request.getForced()));
    }
  }

  private final class Rpcs extends AiGrpc.AiImplBase {
    @Override
    public void streamGenerate(GenerateRequest request, StreamObserver<GenerateFrame> out) {
      refuseWhenAway();
      asked.add(request);
      Context.current().addListener(_ -> cancelled.countDown(), Runnable::run);
      var speech = new Speech(out);
      if (request.getForcedValue() == 0) {
        manner.answer(request, speech);
      } else {
        speech.fallBack(request);
      }
      out.onCompleted();
    }

    @Override
    public void embed(EmbedRequest request, StreamObserver<EmbedResponse> out) {
      refuseWhenAway();
      var response = EmbedResponse.newBuilder().setModel(model);
      request.getTextsList().forEach(text -> response.addEmbeddings(vector(text)));
      out.onNext(response.build());
      out.onCompleted();
    }

    private void refuseWhenAway() {
      if (away) {
        throw Refusal.unavailable(Duration.ofSeconds(1), "nobody is here");
      }
    }
  }

  /// Texts that share words are alike; so are "boat" and "ship".
  private static Embedding vector(String text) {
    var values = new double[DIMENSIONS];
    for (var term : Terms.CONTENT.of(text)) {
      values[Math.floorMod((term.equals("ship") ? "boat" : term).hashCode(), DIMENSIONS)]++;
    }
    double length = 0;
    for (double value : values) {
      length += value * value;
    }
    var embedding = Embedding.newBuilder();
    for (double value : values) {
      embedding.addValues((float) (value / Math.sqrt(Math.max(length, 1e-9))));
    }
    return embedding.build();
  }
}
