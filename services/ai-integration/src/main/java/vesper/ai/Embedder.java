package vesper.ai;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.grpc.Context;
import io.grpc.Status;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import vesper.ai.v1.EmbedKind;
import vesper.runtime.Refusal;
import vesper.runtime.Stopping;
import vesper.runtime.Worker;

/// Turns texts into vectors. The model computes on a few platform threads, one text each, so that a
/// text has the same vector whatever it comes with; vectors of recent texts are remembered.
final class Embedder implements Worker {
  private static final Logger LOG = LoggerFactory.getLogger(Embedder.class);
  private static final int BYTES_OF_A_VECTOR = 4 * BgeSmall.DIMENSIONS;
  private static final int ENTRY_BYTES = 128;
  private static final int MOST_WAITING = 4_096;
  private static final Duration RETRY = Duration.ofSeconds(1);

  private final Supplier<BgeSmall> loading;
  private final boolean warm;
  private final ExecutorService pool;
  private final Cache<String, float[]> recent;
  private final ConcurrentHashMap<String, CompletableFuture<float[]>> making =
      new ConcurrentHashMap<>();
  private volatile @Nullable BgeSmall model;

  Embedder(AiConfig.Embed config, Supplier<BgeSmall> loading) {
    this.loading = loading;
    this.warm = config.warm();
    int threads =
        config.threads() == 0 ? Runtime.getRuntime().availableProcessors() : config.threads();
    pool =
        new ThreadPoolExecutor(
            threads,
            threads,
            0,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(MOST_WAITING),
            Thread.ofPlatform().daemon().name("embed-", 0).factory());
    recent =
        Caffeine.newBuilder()
            .maximumWeight(config.cache().count())
            .weigher(
                (String text, float[] _) -> 2 * text.length() + BYTES_OF_A_VECTOR + ENTRY_BYTES)
            .build();
  }

  @Override
  public String name() {
    return "embed-warm";
  }

  /// Loads the model before the first text, if that is wanted.
  @Override
  public void run(Stopping stop) throws InterruptedException {
    if (warm) {
      await(pool.submit(this::model), TimeUnit.MINUTES.toNanos(5));
    }
  }

  /// Returns the vector of each text, in order.
  ///
  /// @throws io.grpc.StatusRuntimeException DEADLINE_EXCEEDED when the running call has no time
  ///   left
  List<float[]> embed(List<String> texts, EmbedKind kind) throws InterruptedException {
    String prefix = kind == EmbedKind.EMBED_KIND_QUERY ? BgeSmall.QUERY_PREFIX : "";
    List<Future<float[]>> pending = new ArrayList<>();
    try {
      for (String text : texts) {
        pending.add(vector(prefix + text));
      }
      List<float[]> vectors = new ArrayList<>();
      for (Future<float[]> next : pending) {
        vectors.add(await(next, left()));
      }
      return vectors;
    } catch (RejectedExecutionException e) {
      throw Refusal.exhausted(RETRY, "too many texts wait to be turned into vectors");
    } finally {
      pending.forEach(next -> next.cancel(false));
    }
  }

  private Future<float[]> vector(String text) {
    float[] known = recent.getIfPresent(text);
    if (known != null) {
      return CompletableFuture.completedFuture(known);
    }
    // Callers that want the same vector at the same time wait for one making of it.
    CompletableFuture<float[]> shared = new CompletableFuture<>();
    CompletableFuture<float[]> before = making.putIfAbsent(text, shared);
    if (before != null) {
      return before.copy();
    }
    try {
      pool.execute(() -> make(text, shared));
    } catch (RejectedExecutionException e) {
      making.remove(text);
      shared.completeExceptionally(e);
      throw e;
    }
    return shared.copy();
  }

  private void make(String text, CompletableFuture<float[]> shared) {
    try {
      float[] vector = model().vector(text);
      recent.put(text, vector);
      shared.complete(vector);
    } catch (RuntimeException | Error e) {
      shared.completeExceptionally(e);
    } finally {
      making.remove(text);
    }
  }

  private synchronized BgeSmall load() {
    BgeSmall known = model;
    if (known == null) {
      long started = System.nanoTime();
      known = loading.get();
      model = known;
      LOG.atInfo()
          .addKeyValue("model", BgeSmall.NAME)
          .addKeyValue("millis", (System.nanoTime() - started) / 1_000_000)
          .log("Loaded the model of vectors");
    }
    return known;
  }

  private BgeSmall model() {
    BgeSmall known = model;
    return known == null ? load() : known;
  }

  private static long left() {
    return Optional.ofNullable(Context.current().getDeadline())
        .map(end -> end.timeRemaining(TimeUnit.NANOSECONDS))
        .orElse(TimeUnit.MINUTES.toNanos(1));
  }

  private static <T> T await(Future<T> future, long nanos) throws InterruptedException {
    try {
      return future.get(Math.max(0, nanos), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      throw Status.DEADLINE_EXCEEDED
          .withDescription("there were too many texts for the time")
          .asRuntimeException();
    } catch (ExecutionException e) {
      LOG.atError().setCause(e.getCause()).log("The model of vectors failed");
      throw Refusal.unavailable(RETRY, "vectors cannot be made now");
    }
  }
}
