package vesper.ai;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/// What one generation says, from its thread to the one that answers. A generation that is far
/// ahead waits.
final class Inbox implements Backend.Sink {
  private static final int MOST = 1_024;

  private final Queue<Said> queue = new ConcurrentLinkedQueue<>();
  private final Semaphore room = new Semaphore(MOST);
  private final Alarm alarm;
  private final Runnable whenOver;

  /// @param alarm rung for each new thing
  /// @param whenOver run once, when the generation needs nothing any more
  Inbox(Alarm alarm, Runnable whenOver) {
    this.alarm = alarm;
    this.whenOver = whenOver;
  }

  /// Something that a generation says.
  sealed interface Said {
    /// A token, and when it came.
    record Token(String text, long atNanos) implements Said {}

    /// The end.
    record Over(Backend.End end) implements Said {}
  }

  @Override
  public void token(String text) {
    try {
      room.acquire();
    } catch (InterruptedException e) {
      // Cancelled: what comes now is read by nobody.
      Thread.currentThread().interrupt();
      return;
    }
    queue.add(new Said.Token(text, System.nanoTime()));
    alarm.ring();
  }

  @Override
  public void end(Backend.End end) {
    whenOver.run();
    queue.add(new Said.Over(end));
    alarm.ring();
  }

  /// Returns the next thing, or null when there is none yet.
  @Nullable Said poll() {
    Said said = queue.poll();
    if (said instanceof Said.Token) {
      room.release();
    }
    return said;
  }

  /// Takes no more: a generation that still speaks is not held up.
  void close() {
    room.release(MOST);
    queue.clear();
  }
}
