package vesper.world;

import io.grpc.Status;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import vesper.world.v1.WatchRegionRequest;
import vesper.world.v1.WorldFrame;

/// Reads a stream of frames until it leaves; a slow one asks for frames one by one.
final class FrameReader implements ClientResponseObserver<WatchRegionRequest, WorldFrame> {
  private final BlockingQueue<WorldFrame> frames = new LinkedBlockingQueue<>();
  private final CompletableFuture<Status> end = new CompletableFuture<>();
  private final AtomicReference<@Nullable ClientCallStreamObserver<WatchRegionRequest>> call =
      new AtomicReference<>();
  private final boolean slow;

  private FrameReader(boolean slow) {
    this.slow = slow;
  }

  static FrameReader eager() {
    return new FrameReader(false);
  }

  static FrameReader slow() {
    return new FrameReader(true);
  }

  WorldFrame next() throws InterruptedException {
    return Objects.requireNonNull(frames.poll(60, TimeUnit.SECONDS), "no frame came");
  }

  /// Gives the client frames until it has the world as it was after a change, or later.
  void follow(WatchingClient client, long seq) throws InterruptedException {
    do {
      client.take(next());
    } while (!client.whole() || client.seq() < seq);
  }

  /// Asks for more frames.
  void request(int count) {
    Objects.requireNonNull(call.get()).request(count);
  }

  void leave() {
    Objects.requireNonNull(call.get()).cancel("read enough", null);
  }

  Status end() {
    return end.orTimeout(60, TimeUnit.SECONDS).join();
  }

  @Override
  public void beforeStart(ClientCallStreamObserver<WatchRegionRequest> started) {
    call.set(started);
    if (slow) {
      started.disableAutoRequestWithInitial(1);
    }
  }

  @Override
  public void onNext(WorldFrame frame) {
    frames.add(frame);
  }

  @Override
  public void onError(Throwable error) {
    end.complete(Status.fromThrowable(error));
  }

  @Override
  public void onCompleted() {
    end.complete(Status.OK);
  }
}
