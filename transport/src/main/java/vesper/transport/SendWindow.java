package vesper.transport;

import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// How many messages of a stream may be on their way to a caller that has not consumed them. One
/// thread sends; any thread brings credits.
final class SendWindow {
  /// Known to both sides: callers send credits when they have consumed half of it.
  static final int SIZE = 32;

  private final BooleanSupplier open;
  private volatile long sent;
  private volatile long consumed;
  private volatile boolean wanted;
  private volatile @Nullable Thread parked;

  /// @param open whether the call still goes on
  SendWindow(BooleanSupplier open) {
    this.open = open;
  }

  /// Returns whether a message may be sent now. After a no, [#credit] says when one may.
  boolean hasRoom() {
    if (isOpen()) {
      return true;
    }
    wanted = true;
    return isOpen();
  }

  private boolean isOpen() {
    return open.getAsBoolean() && sent - consumed < SIZE;
  }

  /// Takes the place of one message, parking the thread until there is one.
  ///
  /// @return false when the call ended or the thread was interrupted meanwhile
  boolean take() {
    while (sent - consumed >= SIZE) {
      if (!open.getAsBoolean() || Thread.currentThread().isInterrupted()) {
        return false;
      }
      parked = Thread.currentThread();
      if (sent - consumed >= SIZE && open.getAsBoolean()) {
        LockSupport.park(this);
      }
      parked = null;
    }
    long next = sent + 1;
    sent = next;
    return open.getAsBoolean();
  }

  /// Notes how many messages the caller has consumed in all; what cannot be is ignored.
  ///
  /// @return whether somebody who was told to wait may send now
  boolean credit(long total) {
    if (total <= consumed || total > sent) {
      return false;
    }
    consumed = total;
    wake();
    if (wanted && isOpen()) {
      wanted = false;
      return true;
    }
    return false;
  }

  /// Lets a parked sender look again, after the call ended.
  void wake() {
    Thread waiting = parked;
    if (waiting != null) {
      LockSupport.unpark(waiting);
    }
  }
}
