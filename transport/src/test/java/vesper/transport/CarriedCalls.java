package vesper.transport;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.Metadata;
import io.grpc.ServerInterceptors;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/// Calls to a [Probe] through a [Carrier], and what their tests share.
abstract class CarriedCalls {
  static final Duration BOUND = Duration.ofSeconds(30);

  final Probe probe = new Probe();
  final AtomicReference<Metadata> received = new AtomicReference<>(new Metadata());
  private Carrier carrier;
  Channel channel;

  /// Makes a service callable.
  abstract Carrier carry(ServerServiceDefinition service) throws Exception;

  @BeforeEach
  void start() throws Exception {
    ServerServiceDefinition service =
        ServerInterceptors.intercept(probe.definition(), new Recorder(received));
    carrier = carry(service);
    channel = carrier.channel();
  }

  @AfterEach
  void stop() {
    carrier.close();
  }

  String ask(String request) {
    return ClientCalls.blockingUnaryCall(channel, Probe.ASK, CallOptions.DEFAULT, request);
  }

  Iterator<String> listen(String request) {
    return ClientCalls.blockingServerStreamingCall(
        channel, Probe.LISTEN, CallOptions.DEFAULT.withDeadlineAfter(BOUND), request);
  }

  static Status.Code code(Throwable failure) {
    return Status.fromThrowable(failure).getCode();
  }

  static List<String> items(int count) {
    return IntStream.range(0, count).mapToObj(i -> "item " + i).toList();
  }

  static List<String> drain(Iterator<String> answers) {
    List<String> all = new ArrayList<>();
    answers.forEachRemaining(all::add);
    return all;
  }

  /// Collects what an asynchronous stub delivers.
  static final class Collected implements StreamObserver<String> {
    final CompletableFuture<List<String>> done = new CompletableFuture<>();
    private final List<String> items = new ArrayList<>();

    @Override
    public void onNext(String item) {
      items.add(item);
    }

    @Override
    public void onError(Throwable failure) {
      done.completeExceptionally(failure);
    }

    @Override
    public void onCompleted() {
      done.complete(items);
    }
  }
}
