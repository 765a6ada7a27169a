package vesper.gateway;

import com.google.protobuf.Message;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Hands the items of a stream from the call to the thread that writes them. The call is asked for
/// no more than 64 items, and for fewer when items as large as the largest so far would be more
/// than 256 KiB.
final class ItemQueue extends ClientCall.Listener<Message> {
  static final int ITEMS = 64;
  static final int BYTES = 256 * 1024;
  private static final int FIRST = 4;

  // All guarded by this.
  private final ArrayDeque<Message> items = new ArrayDeque<>();
  private Metadata headers = new Metadata();
  private Metadata trailers = new Metadata();
  private @Nullable Status end;
  private int window = FIRST;
  private int promised = FIRST;
  private int largest = 1;

  /// Starts the call with one request.
  <Q> void start(ClientCall<Q, Message> call, Q request, Metadata metadata) {
    call.start(this, metadata);
    call.request(FIRST);
    call.sendMessage(request);
    call.halfClose();
  }

  /// Waits until an item or the end is there; the deadline of the call bounds the wait.
  synchronized void await() throws InterruptedException {
    while (items.isEmpty() && end == null) {
      wait();
    }
  }

  /// Waits until an item or the end is there, or the limit is over.
  synchronized void await(Duration limit) throws InterruptedException {
    long until = System.nanoTime() + limit.toNanos();
    while (items.isEmpty() && end == null) {
      long left = until - System.nanoTime();
      if (left <= 0) {
        return;
      }
      TimeUnit.NANOSECONDS.timedWait(this, left);
    }
  }

  /// Takes all items that are there, and lets the call send as many more.
  List<Message> take(ClientCall<?, ?> call) {
    List<Message> taken;
    int more = 0;
    synchronized (this) {
      taken = List.copyOf(items);
      items.clear();
      promised -= taken.size();
      if (end == null && promised <= window / 2) {
        more = window - promised;
        promised = window;
      }
    }
    if (more > 0) {
      call.request(more);
    }
    return taken;
  }

  /// The status by which the stream ended, once all items were taken; null before.
  synchronized @Nullable Status end() {
    return items.isEmpty() ? end : null;
  }

  /// What came before the first item.
  synchronized Metadata headers() {
    return headers;
  }

  /// What came with the end.
  synchronized Metadata trailers() {
    return trailers;
  }

  @Override
  public synchronized void onHeaders(Metadata received) {
    headers = received;
  }

  @Override
  public void onMessage(Message message) {
    int size = message.getSerializedSize();
    synchronized (this) {
      items.add(message);
      largest = Math.max(largest, size);
      window = Math.clamp(BYTES / largest, 1, ITEMS);
      notifyAll();
    }
  }

  @Override
  public synchronized void onClose(Status status, Metadata received) {
    end = status;
    trailers = received;
    notifyAll();
  }
}
