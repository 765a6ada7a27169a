package vesper.bench.fault;

import io.grpc.Channel;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/// A game's connection to all gateways: a call goes to the next of them that is connected, and one
/// that may be repeated goes to another when it failed for a reason that another may not have.
final class Client implements AutoCloseable {
  private static final int ATTEMPTS = 6;
  private static final Duration LONGEST = Duration.ofSeconds(12);
  private static final long FIRST_PAUSE = 50;
  private static final Set<Status.Code> HEALS =
      Set.of(
          Status.Code.UNAVAILABLE,
          Status.Code.DEADLINE_EXCEEDED,
          Status.Code.ABORTED,
          Status.Code.RESOURCE_EXHAUSTED);

  private final List<ManagedChannel> gateways;
  private final AtomicInteger turn = new AtomicInteger();

  Client(List<Replica> nodes) {
    gateways =
        nodes.stream()
            .map(node ->
                NettyChannelBuilder.forAddress("127.0.0.1", node.gatewayPort())
                    .usePlaintext()
                    .build())
            .toList();
  }

  /// How a call ended.
  ///
  /// @param attempts how often it was sent
  /// @param micros how long all of them took
  record Outcome(Status.Code code, int attempts, long micros) {
    boolean ok() {
      return code == Status.Code.OK;
    }
  }

  /// Makes a call until it succeeds, and at most once where it may not be repeated.
  Outcome call(boolean repeatable, Consumer<Channel> call) throws InterruptedException {
    long begin = System.nanoTime();
    int first = turn.getAndIncrement();
    for (int attempt = 1; ; attempt++) {
      Status.Code code = attempt(gateway(first + attempt), call);
      long micros = (System.nanoTime() - begin) / 1_000;
      boolean again =
          repeatable
              && HEALS.contains(code)
              && attempt < ATTEMPTS
              && micros < LONGEST.toMillis() * 1_000;
      if (!again) {
        return new Outcome(code, attempt, micros);
      }
      long most = FIRST_PAUSE << attempt;
      Thread.sleep(ThreadLocalRandom.current().nextLong(most / 2, most));
    }
  }

  /// The gateway whose turn it is; another when it is not connected and the other is.
  private Channel gateway(int wish) {
    for (int i = 0; i < gateways.size(); i++) {
      ManagedChannel gateway = gateways.get(Math.floorMod(wish + i, gateways.size()));
      switch (gateway.getState(true)) {
        case READY, IDLE -> {
          return gateway;
        }
        case TRANSIENT_FAILURE -> gateway.resetConnectBackoff();
        case CONNECTING, SHUTDOWN -> {}
      }
    }
    return gateways.get(Math.floorMod(wish, gateways.size()));
  }

  private static Status.Code attempt(Channel gateway, Consumer<Channel> call) {
    try {
      call.accept(gateway);
      return Status.Code.OK;
    } catch (StatusRuntimeException e) {
      return e.getStatus().getCode();
    }
  }

  @Override
  public void close() {
    gateways.forEach(ManagedChannel::shutdownNow);
  }
}
