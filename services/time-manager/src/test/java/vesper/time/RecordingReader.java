package vesper.time;

import io.grpc.stub.ServerCallStreamObserver;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import vesper.time.v1.TimeTick;

/// A reader of ticks that can be slow, broken or gone.
final class RecordingReader extends ServerCallStreamObserver<TimeTick> {
  private final List<TimeTick> ticks = new ArrayList<>();
  private boolean ready = true;
  private boolean broken;
  private @Nullable Runnable cancelHandler;
  private @Nullable Throwable error;

  List<TimeTick> ticks() {
    return ticks;
  }

  TimeTick last() {
    return ticks.getLast();
  }

  @Nullable Throwable error() {
    return error;
  }

  void ready(boolean value) {
    ready = value;
  }

  void breakOff() {
    broken = true;
  }

  void cancel() {
    if (cancelHandler != null) {
      cancelHandler.run();
    }
  }

  @Override
  public boolean isReady() {
    return ready;
  }

  @Override
  public void onNext(TimeTick tick) {
    if (broken) {
      throw new IllegalStateException("broken");
    }
    ticks.add(tick);
  }

  @Override
  public void onError(Throwable status) {
    error = status;
  }

  @Override
  public void setOnCancelHandler(Runnable handler) {
    cancelHandler = handler;
  }

  @Override
  public boolean isCancelled() {
    return false;
  }

  @Override
  public void onCompleted() {}

  @Override
  public void setCompression(String compression) {}

  @Override
  public void setOnReadyHandler(Runnable handler) {}

  @Override
  public void disableAutoInboundFlowControl() {}

  @Override
  public void request(int count) {}

  @Override
  public void setMessageCompression(boolean enable) {}
}
