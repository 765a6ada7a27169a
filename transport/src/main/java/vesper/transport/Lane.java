package vesper.transport;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;

/// The way from a server to one caller's inbox: keeps frames in order and sends those that wait
/// together in one message.
///
/// A frame that finds the lane idle goes out at once, on the thread of its call. Where more may
/// follow, the lane then stays busy until a flusher has had its turn; what was sent meanwhile
/// travels as one batch. So batches grow with load, and no frame waits for a timer.
final class Lane {
  /// Payloads above this travel alone, so that they delay no small ones.
  private static final int MAX_BATCHED = 8 * 1024;

  private static final int MAX_BATCH = 32 * 1024;

  final String inbox;
  final long number;
  final Map<Long, NatsServerCall<?, ?>> calls = new ConcurrentHashMap<>();
  volatile boolean retired;

  private final ServerSettings settings;
  private final String batchSubject;
  private final String control;
  private final Queue<Frame> queue = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean busy = new AtomicBoolean();
  private volatile long lastUsed = System.nanoTime();

  /// @param control where the caller sends credits and cancellations for calls of this lane
  Lane(ServerSettings settings, String inbox, long number, String control) {
    this.settings = settings;
    this.inbox = inbox;
    this.number = number;
    this.control = control;
    this.batchSubject = inbox + '.' + CallAddress.BATCH;
  }

  /// Sends a frame, at once when the lane is idle.
  ///
  /// @param more whether other frames may follow shortly
  void send(Frame frame, boolean more) {
    if (!busy.get() && queue.isEmpty() && busy.compareAndSet(false, true)) {
      publishBatch(List.of(frame));
      if (more) {
        startFlusher();
      } else {
        busy.set(false);
        if (!queue.isEmpty() && busy.compareAndSet(false, true)) {
          startFlusher();
        }
      }
    } else {
      sendLater(frame);
    }
  }

  /// Sends a frame without ever blocking the calling thread.
  void sendLater(Frame frame) {
    queue.add(frame);
    if (busy.compareAndSet(false, true)) {
      startFlusher();
    }
  }

  void touch(long now) {
    lastUsed = now;
  }

  /// Returns whether nothing has used the lane since a nano time.
  boolean isIdleSince(long then) {
    return calls.isEmpty() && lastUsed - then < 0;
  }

  /// Returns whether everything sent so far has been handed to the connection.
  boolean isFlushed() {
    return queue.isEmpty() && !busy.get();
  }

  private void startFlusher() {
    Thread.startVirtualThread(this::flush);
  }

  private void flush() {
    List<Frame> batch = new ArrayList<>();
    int most = Math.min(MAX_BATCH, settings.maxPayload());
    do {
      int size = 0;
      for (Frame frame = queue.poll(); frame != null; frame = queue.poll()) {
        int length = frame.payload().length + BatchCodec.OVERHEAD;
        boolean alone = frame.headers() != null || inbox.isEmpty() || length > MAX_BATCHED;
        if (!batch.isEmpty() && (alone || size + length > most)) {
          publishBatch(batch);
          batch.clear();
          size = 0;
        }
        batch.add(frame);
        size += length;
        if (alone) {
          publishBatch(batch);
          batch.clear();
          size = 0;
        }
      }
      if (!batch.isEmpty()) {
        publishBatch(batch);
        batch.clear();
      }
      busy.set(false);
    } while (!queue.isEmpty() && busy.compareAndSet(false, true));
  }

  /// Publishes frames as one message; a frame with headers comes alone.
  private void publishBatch(List<Frame> frames) {
    try {
      Frame first = frames.getFirst();
      if (first.headers() != null || inbox.isEmpty()) {
        Wire.publish(
            settings.connection(), first.subject(), null, first.headers(), first.payload());
      } else {
        ByteWriter out = new ByteWriter();
        boolean stream = false;
        for (Frame frame : frames) {
          BatchCodec.write(frame, out);
          stream |= frame.kind() != Frame.Kind.REPLY;
        }
        Wire.publish(
            settings.connection(), batchSubject, stream ? control : null, null, out.take());
      }
    } catch (IllegalStateException | IllegalArgumentException e) {
      settings.counters().framesLost(frames.size());
      for (Frame frame : frames) {
        NatsServerCall<?, ?> call = calls.get(frame.call());
        if (call != null) {
          call.cancel("the connection to NATS is away");
        }
      }
    }
  }
}
