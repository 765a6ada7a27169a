package vesper.world;

import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.LongFunction;
import java.util.function.LongSupplier;
import vesper.runtime.Outage;
import vesper.runtime.Stopping;
import vesper.runtime.Worker;

/// Reads the change log of one world for all who watch it on this replica: at once after a change
/// made here, and otherwise every while, since other replicas make changes too. Reads nothing while
/// nobody watches.
final class Feed implements Worker {
  private static final Duration IDLE = Duration.ofMillis(500);

  private final String world;
  private final Duration poll;
  private final LongSupplier head;
  private final LongFunction<News> since;
  private final Alarm alarm = new Alarm();
  private final Set<Seat> seats = new LinkedHashSet<>();
  private long told;
  private boolean stopped;

  /// @param poll time between two looks at the log
  /// @param head reads the number of the last change
  /// @param since reads what happened after a change
  Feed(String world, Duration poll, LongSupplier head, LongFunction<News> since) {
    this.world = world;
    this.poll = poll;
    this.head = head;
    this.since = since;
  }

  @Override
  public String name() {
    return "feed-" + world;
  }

  /// Tells a seat of everything that happens from now on.
  synchronized void join(Seat seat) {
    if (seats.isEmpty()) {
      told = head.getAsLong();
    }
    seat.begin(told);
    if (stopped) {
      seat.close();
    } else {
      seats.add(seat);
    }
    alarm.ring();
  }

  synchronized void leave(Seat seat) {
    seats.remove(seat);
  }

  /// Says that there may be news.
  void ring() {
    alarm.ring();
  }

  @Override
  public void run(Stopping stop) throws InterruptedException {
    Outage outage = new Outage(name());
    while (!stop.requested()) {
      Duration pause = watched() ? poll : IDLE;
      try {
        look();
        outage.over();
      } catch (StatusRuntimeException failure) {
        pause = outage.pause(failure);
      }
      alarm.sleep(pause);
    }
    stop();
  }

  /// Reads what is new and tells it.
  void look() {
    long after;
    synchronized (this) {
      if (seats.isEmpty()) {
        return;
      }
      after = told;
    }
    News news = since.apply(after);
    synchronized (this) {
      // Whoever came while nobody else was left began at another change.
      if (told == after && (news.to() > after || news.tooMuch())) {
        told = news.to();
        seats.forEach(seat -> seat.offer(news));
      }
    }
  }

  private synchronized boolean watched() {
    return !seats.isEmpty();
  }

  private synchronized void stop() {
    stopped = true;
    List.copyOf(seats).forEach(Seat::close);
  }
}
