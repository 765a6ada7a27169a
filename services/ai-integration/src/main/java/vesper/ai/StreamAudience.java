package vesper.ai;

import io.grpc.Context;
import io.grpc.stub.ServerCallStreamObserver;
import java.time.Duration;
import vesper.ai.v1.GenerateDelta;
import vesper.ai.v1.GenerateDone;
import vesper.ai.v1.GenerateFrame;
import vesper.ai.v1.GenerateStarted;
import vesper.runtime.Refusal;

/// The reader of a stream. While it is slow no frame is made: words join until it can take more.
final class StreamAudience implements Audience {
  private static final int MOST_CHARS = 4_000;
  private static final Duration RETRY = Duration.ofSeconds(1);
  private static final long LOOK_NANOS = Duration.ofMillis(50).toNanos();

  private final Alarm alarm = new Alarm();
  private final ServerCallStreamObserver<GenerateFrame> out;
  private final Context context = Context.current();
  private final Duration patience;
  private final StringBuilder kept = new StringBuilder();
  private int index;
  private long blockedSince;

  /// @param patience longest time that the reader may take nothing
  StreamAudience(ServerCallStreamObserver<GenerateFrame> out, Duration patience) {
    this.out = out;
    this.patience = patience;
    // Without a handler a stream that was cancelled would throw at the next frame.
    out.setOnCancelHandler(alarm::ring);
    out.setOnReadyHandler(alarm::ring);
  }

  @Override
  public Alarm alarm() {
    return alarm;
  }

  @Override
  public void start(GenerateStarted started) {
    send(GenerateFrame.newBuilder().setStarted(started));
  }

  @Override
  public void say(String words) {
    kept.append(words);
    flush();
  }

  @Override
  public void flush() {
    while (!kept.isEmpty() && out.isReady() && !gone()) {
      int end = Math.min(MOST_CHARS, kept.length());
      if (end < kept.length() && Character.isHighSurrogate(kept.charAt(end - 1))) {
        end--;
      }
      send(
          GenerateFrame.newBuilder()
              .setDelta(
                  GenerateDelta.newBuilder().setIndex(index).setText(kept.substring(0, end))));
      index++;
      kept.delete(0, end);
      blockedSince = 0;
    }
    if (!kept.isEmpty() && blockedSince == 0) {
      blockedSince = System.nanoTime();
    }
  }

  @Override
  public void drain() throws InterruptedException {
    flush();
    while (!kept.isEmpty() && !gone()) {
      checkPatience();
      alarm.await(LOOK_NANOS);
      flush();
    }
  }

  @Override
  public void end(GenerateDone done) {
    send(GenerateFrame.newBuilder().setDone(done));
  }

  @Override
  public void checkPatience() {
    if (!kept.isEmpty() && System.nanoTime() - blockedSince > patience.toNanos()) {
      throw Refusal.exhausted(
          RETRY, "the reader took nothing for %d ms".formatted(patience.toMillis()));
    }
  }

  @Override
  public boolean gone() {
    return out.isCancelled() || context.isCancelled();
  }

  private void send(GenerateFrame.Builder frame) {
    if (!gone()) {
      out.onNext(frame.build());
    }
  }
}
