package vesper.runtime;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The events of one consumer that are under way: those of one key one after the other, in the
/// order of their stream; those of at most 16 keys at the same time.
///
/// An event whose delivery has failed keeps its place: what comes behind it under the same key
/// waits until it is delivered again and done with, or given up by the server.
final class Lanes {
  private static final int LANES = 16;

  private final Work work;
  private final Map<String, NavigableMap<Long, Place>> keys = new HashMap<>();
  private final Deque<String> ready = new ArrayDeque<>();
  private int running;
  private boolean closed;

  Lanes(Work work) {
    this.work = work;
  }

  /// What is done with a delivery, on a thread of its own.
  interface Work {
    /// Handles a delivery and answers it.
    Verdict handle(Delivery delivery, Place place) throws InterruptedException;
  }

  /// What became of a delivery.
  enum Verdict {
    /// The event is done with.
    DONE,
    /// The event will be delivered again.
    AGAIN,
    /// Nothing was decided; the delivery has no answer yet.
    LEFT
  }

  /// The place of an event among those of its key.
  static final class Place {
    private @Nullable Delivery delivery;
    private @Nullable Thread thread;
    private volatile boolean handling;
    private long kept;
    private long awaitedSince;
    private int failures;
    private @Nullable Instant firstFailed;

    /// Counts a failure of the handler, and returns how many there were. For the thread that
    /// handles the event.
    int failed(Instant now) {
      if (firstFailed == null) {
        firstFailed = now;
      }
      failures++;
      return failures;
    }

    /// When the handler failed first, as far as that is known here.
    Optional<Instant> firstFailed() {
      return Optional.ofNullable(firstFailed);
    }

    /// Notes whether the handler has the event now. While it has, the server hears nothing: it
    /// shall notice a handler that hangs.
    void handling(boolean now) {
      handling = now;
    }
  }

  /// Takes a delivery.
  synchronized void take(Delivery delivery) {
    Place place = place(delivery.key(), delivery.seq());
    place.delivery = delivery;
    place.kept = System.nanoTime();
    if (place.thread == null) {
      makeReady(delivery.key());
    }
  }

  /// Keeps the place of an event that another process has not done with: it will be delivered.
  synchronized void expect(String key, long seq) {
    place(key, seq).awaitedSince = System.nanoTime();
  }

  /// How many events wait for nothing but their turn.
  synchronized int waiting() {
    return keys.values().stream()
        .filter(places -> places.firstEntry().getValue().delivery != null)
        .mapToInt(Map::size)
        .sum();
  }

  /// Whether events are awaited that are not here.
  synchronized boolean awaits() {
    return keys.values().stream()
        .flatMap(places -> places.values().stream())
        .anyMatch(place -> place.delivery == null);
  }

  /// Tells the server of deliveries that wait here.
  synchronized void keep(Duration every) {
    long now = System.nanoTime();
    for (NavigableMap<Long, Place> places : keys.values()) {
      for (Place place : places.values()) {
        Delivery delivery = place.delivery;
        if (delivery != null && !place.handling && now - place.kept >= every.toNanos()) {
          delivery.keep();
          place.kept = now;
        }
      }
    }
  }

  /// Gives up the places of events that are not here and will not come: those up to a number, and
  /// those that are awaited for too long.
  synchronized List<Long> giveUp(long upTo, Duration longest) {
    long now = System.nanoTime();
    List<Long> late = new ArrayList<>();
    for (String key : List.copyOf(keys.keySet())) {
      NavigableMap<Long, Place> places = places(key);
      places
          .entrySet()
          .removeIf(entry -> {
            boolean awaited = entry.getValue().delivery == null;
            boolean tooLong = now - entry.getValue().awaitedSince >= longest.toNanos();
            if (awaited && tooLong && entry.getKey() > upTo) {
              late.add(entry.getKey());
            }
            return awaited && (tooLong || entry.getKey() <= upTo);
          });
      tidy(key, places);
    }
    return late;
  }

  /// Takes an event out that the server has given up, whatever its handler does.
  synchronized void remove(long seq) {
    for (String key : List.copyOf(keys.keySet())) {
      NavigableMap<Long, Place> places = places(key);
      Place place = places.remove(seq);
      if (place == null) {
        continue;
      }
      Thread thread = place.thread;
      if (thread != null) {
        // Its thread finds the place gone, and ends; until then it does not count.
        place.thread = null;
        running--;
        thread.interrupt();
        startReady();
      }
      tidy(key, places);
    }
  }

  /// Handles what is here, for at most a while, and gives back the rest.
  synchronized List<Delivery> close(Duration limit) throws InterruptedException {
    long end = System.nanoTime() + limit.toNanos();
    while (running > 0 && System.nanoTime() < end) {
      wait(Math.max(1, (end - System.nanoTime()) / 1_000_000));
    }
    closed = true;
    List<Delivery> rest = new ArrayList<>();
    for (NavigableMap<Long, Place> places : keys.values()) {
      for (Place place : places.values()) {
        if (place.delivery != null && !place.handling) {
          rest.add(place.delivery);
        }
      }
    }
    return rest;
  }

  private Place place(String key, long seq) {
    return keys.computeIfAbsent(key, _ -> new TreeMap<>()).computeIfAbsent(seq, _ -> new Place());
  }

  private NavigableMap<Long, Place> places(String key) {
    return keys.getOrDefault(key, new TreeMap<>());
  }

  private void tidy(String key, NavigableMap<Long, Place> places) {
    if (places.isEmpty()) {
      keys.remove(key);
    } else {
      makeReady(key);
    }
  }

  /// Puts a key in line when its first event is here and none of it is under way.
  private void makeReady(String key) {
    NavigableMap<Long, Place> places = places(key);
    boolean busy = places.values().stream().anyMatch(place -> place.thread != null);
    if (!busy && places.firstEntry().getValue().delivery != null && !ready.contains(key)) {
      ready.add(key);
      startReady();
    }
  }

  private void startReady() {
    while (running < LANES && !ready.isEmpty() && !closed) {
      String key = ready.remove();
      Map.Entry<Long, Place> first = places(key).firstEntry();
      if (first == null || first.getValue().delivery == null) {
        continue;
      }
      Place place = first.getValue();
      Delivery delivery = first.getValue().delivery;
      running++;
      place.thread = Thread.ofVirtual().name("lane").unstarted(() -> run(delivery, place));
      place.thread.start();
    }
  }

  private void run(Delivery delivery, Place place) {
    Verdict verdict = Verdict.LEFT;
    try {
      verdict = work.handle(delivery, place);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      done(delivery, place, verdict);
    }
  }

  private synchronized void done(Delivery delivery, Place place, Verdict verdict) {
    if (!Thread.currentThread().equals(place.thread)) {
      return;
    }
    place.thread = null;
    place.handling = false;
    running--;
    notifyAll();
    NavigableMap<Long, Place> places = places(delivery.key());
    switch (verdict) {
      case DONE -> {
        places.remove(delivery.seq());
        tidy(delivery.key(), places);
      }
      case AGAIN -> {
        // Unless it has come again already.
        if (Objects.equals(place.delivery, delivery)) {
          place.delivery = null;
          place.awaitedSince = System.nanoTime();
        }
        tidy(delivery.key(), places);
      }
      case LEFT -> {
        // The process stops, or has lost the right to go on: what follows is left as well.
      }
    }
    startReady();
  }
}
