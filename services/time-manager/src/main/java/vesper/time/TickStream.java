package vesper.time;

import io.grpc.stub.ServerCallStreamObserver;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicBoolean;
import vesper.time.v1.TimeTick;

/// One reader of ticks. It is offered each moment as it comes; what it is not ready for is not sent
/// later.
final class TickStream {
  private final ServerCallStreamObserver<TimeTick> out;
  private final Cycle unit;
  private final Duration stillAlive;
  private final Runnable whenClosed;
  private final AtomicBoolean closed = new AtomicBoolean();
  private long number;
  private long version;
  private Instant sentAt;

  /// Makes the stream of a reader that is sent `first` by the caller.
  ///
  /// @param unit whose starts are ticks
  /// @param stillAlive longest time without a tick
  /// @param whenClosed called once
  TickStream(
      ServerCallStreamObserver<TimeTick> out,
      Cycle unit,
      Duration stillAlive,
      Moment first,
      Runnable whenClosed) {
    this.out = out;
    this.unit = unit;
    this.stillAlive = stillAlive;
    this.whenClosed = whenClosed;
    number = unit.number(first.gameSeconds());
    version = first.clock().version();
    sentAt = first.instant();
  }

  /// Sends the ticks that the moment brings, if the reader is ready for them.
  void offer(Moment moment) {
    long begun = unit.number(moment.gameSeconds());
    boolean unitBegan = begun > number;
    boolean changed = moment.clock().version() != version;
    boolean silent = !moment.instant().isBefore(sentAt.plus(stillAlive));
    number = begun;
    if (!(unitBegan || changed || silent) || !out.isReady()) {
      return;
    }
    sentAt = moment.instant();
    if (unitBegan) {
      out.onNext(moment.unitBegan(unit.start(begun)));
    }
    // A send that the reader is not ready for would wait, and with it all other readers.
    if (changed && out.isReady()) {
      version = moment.clock().version();
      out.onNext(moment.clockChanged());
    } else if (!changed && !unitBegan) {
      out.onNext(moment.stillAlive());
    }
  }

  /// Ends the stream for its reader.
  void end(Throwable status) {
    if (close()) {
      out.onError(status);
    }
  }

  /// Notes that the reader is gone; false when it was before.
  boolean close() {
    boolean first = closed.compareAndSet(false, true);
    if (first) {
      whenClosed.run();
    }
    return first;
  }

  boolean closed() {
    return closed.get();
  }
}
