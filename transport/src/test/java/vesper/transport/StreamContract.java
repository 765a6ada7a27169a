package vesper.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.grpc.CallOptions;
import io.grpc.stub.BlockingClientCall;
import io.grpc.stub.ClientCalls;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/// What a server stream does, whatever carries it.
abstract class StreamContract extends CarriedCalls {
  @Test
  void stream_tenThousandItems_arriveInOrder() {
    assertThat(drain(listen("10000"))).isEqualTo(items(10_000));
  }

  @Test
  void stream_async_arrivesInOrder() throws Exception {
    Collected collected = new Collected();
    ClientCalls.asyncServerStreamingCall(
        channel.newCall(Probe.LISTEN, CallOptions.DEFAULT), "1000", collected);

    assertThat(collected.done.get(30, TimeUnit.SECONDS)).isEqualTo(items(1000));
  }

  @Test
  void stream_blockingV2_arrivesInOrder() throws Exception {
    BlockingClientCall<String, String> call =
        ClientCalls.blockingV2ServerStreamingCall(
            channel, Probe.LISTEN, CallOptions.DEFAULT, "100");
    List<String> all = new ArrayList<>();
    for (String item = call.read(); item != null; item = call.read()) {
      all.add(item);
    }

    assertThat(all).isEqualTo(items(100));
  }

  @Test
  void stream_withoutItems_ends() {
    assertThat(drain(listen("0"))).isEmpty();
  }

  @Test
  void stream_handlerThatWaitsForReadiness_sendsAll() {
    probe.listen =
        (request, observer) -> {
          AtomicInteger next = new AtomicInteger();
          observer.setOnReadyHandler(() -> {
            while (observer.isReady() && next.get() < 1000) {
              observer.onNext("item " + next.getAndIncrement());
              if (next.get() == 1000) {
                observer.onCompleted();
              }
            }
          });
        };

    assertThat(drain(listen(""))).isEqualTo(items(1000));
  }

  @Test
  void stream_slowReader_boundsWhatIsSent() {
    AtomicInteger produced = new AtomicInteger();
    String large = "x".repeat(16 * 1024);
    probe.listen =
        (request, observer) -> {
          for (int i = 0; i < 2000; i++) {
            observer.onNext(large);
            produced.incrementAndGet();
          }
          observer.onCompleted();
        };
    Iterator<String> answers = listen("");
    assertThat(answers.next()).isEqualTo(large);

    await().atMost(BOUND).until(() -> produced.get() > 0);
    await()
        .during(Duration.ofMillis(500))
        .atMost(BOUND)
        .until(() -> produced.get() <= mostProduced());

    assertThat(drain(answers)).hasSize(1999);
    assertThat(produced).hasValue(2000);
  }

  /// Returns how many messages of 16 KiB a handler may get rid of while its caller reads one.
  int mostProduced() {
    return 200;
  }

  @Test
  void stream_slowWriter_deliversEachItemWhenItIsSent() {
    List<CountDownLatch> gates = List.of(new CountDownLatch(1), new CountDownLatch(1));
    probe.listen =
        (request, observer) -> {
          observer.onNext("first");
          assertThat(gates.get(0).await(30, TimeUnit.SECONDS)).isTrue();
          observer.onNext("second");
          assertThat(gates.get(1).await(30, TimeUnit.SECONDS)).isTrue();
          observer.onCompleted();
        };
    Iterator<String> answers = listen("");

    assertThat(answers.next()).isEqualTo("first");
    gates.get(0).countDown();
    assertThat(answers.next()).isEqualTo("second");
    gates.get(1).countDown();
    assertThat(answers.hasNext()).isFalse();
  }

  @Test
  void stream_sixtyFourAtOnce_areAllComplete() throws Exception {
    List<CompletableFuture<List<String>>> all = new ArrayList<>();
    for (int i = 0; i < 64; i++) {
      CompletableFuture<List<String>> one = new CompletableFuture<>();
      all.add(one);
      Thread.startVirtualThread(() -> {
        try {
          one.complete(drain(listen("300")));
        } catch (RuntimeException e) {
          one.completeExceptionally(e);
        }
      });
    }

    for (CompletableFuture<List<String>> one : all) {
      assertThat(one.get(60, TimeUnit.SECONDS)).isEqualTo(items(300));
    }
  }
}
