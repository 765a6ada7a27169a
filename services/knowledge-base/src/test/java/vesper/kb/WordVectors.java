package vesper.kb;

import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import vesper.ai.v1.AiGrpc;
import vesper.ai.v1.EmbedKind;
import vesper.ai.v1.EmbedRequest;
import vesper.ai.v1.EmbedResponse;
import vesper.ai.v1.Embedding;
import vesper.runtime.Refusal;
import vesper.runtime.ServiceContext;
import vesper.runtime.ServiceModule;
import vesper.runtime.Wiring;

/// An ai-integration that takes the sum of random vectors of its words for what a text means. A few
/// words mean the same.
final class WordVectors implements ServiceModule {
  static final int DIMENSIONS = 64;
  private static final Map<String, String> SYNONYMS =
      Map.of("vessel", "boat", "evening", "dusk", "departs", "leaves", "cost", "prices");

  private final AtomicReference<String> model = new AtomicReference<>("hash-1");
  private final AtomicInteger passages = new AtomicInteger();
  private final AtomicInteger largest = new AtomicInteger();
  private volatile boolean away;
  private volatile boolean useless;
  private volatile int most = Integer.MAX_VALUE;
  private volatile @Nullable CountDownLatch gate;

  /// From now on another model makes the vectors.
  void change(String newModel) {
    model.set(newModel);
  }

  /// Whether every question is refused.
  void away(boolean isAway) {
    away = isAway;
  }

  /// Whether all vectors are zero.
  void useless(boolean isUseless) {
    useless = isUseless;
  }

  /// Refuses more texts than this in one call as too slow.
  void most(int texts) {
    most = texts;
  }

  /// Lets queries wait until the returned latch is opened.
  CountDownLatch hold() {
    var latch = new CountDownLatch(1);
    gate = latch;
    return latch;
  }

  /// Returns how many vectors of passages were made.
  int passages() {
    return passages.get();
  }

  /// Returns the number of texts in the largest call.
  int largest() {
    return largest.get();
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

  static float[] vector(String model, String text) {
    var sum = new float[DIMENSIONS];
    for (var word : text.toLowerCase(Locale.ROOT).split("[^a-z0-9]+")) {
      var random = new Random((model + SYNONYMS.getOrDefault(word, word)).hashCode());
      for (int i = 0; i < DIMENSIONS && word.length() > 3; i++) {
        sum[i] += (float) random.nextGaussian();
      }
    }
    return sum;
  }

  private final class Rpcs extends AiGrpc.AiImplBase {
    @Override
    public void embed(EmbedRequest request, StreamObserver<EmbedResponse> out) {
      if (away) {
        throw Refusal.unavailable(Duration.ofSeconds(1), "no models today");
      }
      if (request.getTextsCount() > most) {
        throw Status.DEADLINE_EXCEEDED.asRuntimeException();
      }
      if (request.getKind() == EmbedKind.EMBED_KIND_QUERY) {
        waitAtGate();
      } else {
        passages.addAndGet(request.getTextsCount());
        largest.accumulateAndGet(request.getTextsCount(), Math::max);
      }
      var by = model.get();
      var response = EmbedResponse.newBuilder().setModel(by);
      for (var text : request.getTextsList()) {
        var embedding = Embedding.newBuilder();
        for (float value : useless ? new float[DIMENSIONS] : vector(by, text)) {
          embedding.addValues(value);
        }
        response.addEmbeddings(embedding);
      }
      out.onNext(response.build());
      out.onCompleted();
    }

    private void waitAtGate() {
      var latch = gate;
      try {
        if (latch != null) {
          latch.await();
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
