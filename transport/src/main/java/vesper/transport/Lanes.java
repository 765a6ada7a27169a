package vesper.transport;

import io.grpc.Metadata;
import io.grpc.Status;
import io.nats.client.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// The open calls of one domain on one server, by caller, and what callers say about them.
final class Lanes implements Sweeper.Source {
  private static final int MAX_LANES = 10_000;
  private static final long IDLE_NANOS = TimeUnit.MINUTES.toNanos(1);

  private final ServerSettings settings;
  private final String control;
  private final String directed;
  private final Map<String, Lane> byInbox = new ConcurrentHashMap<>();
  private final Map<Long, Lane> byNumber = new ConcurrentHashMap<>();
  private final AtomicLong numbers = new AtomicLong();
  private final AtomicLong foreignCalls = new AtomicLong();
  private final Lane foreign;

  /// @param control where all instances of the domain listen
  /// @param instance the id of this one
  Lanes(ServerSettings settings, String control, String instance) {
    this.settings = settings;
    this.control = control;
    this.directed = control + '.' + instance + '.';
    this.foreign = new Lane(settings, "", 0, "");
  }

  /// Returns the subjects of the messages that [#onControl] takes.
  List<String> controlSubjects() {
    return List.of(control, directed + '*');
  }

  /// Enters a call of a caller that is not of this transport and gets plain replies.
  ///
  /// @return the call's id
  long joinForeign(NatsServerCall<?, ?> call) {
    long id = foreignCalls.incrementAndGet();
    foreign.calls.put(id, call);
    return id;
  }

  /// Returns the lane of callers that are not of this transport.
  Lane foreign() {
    return foreign;
  }

  /// Enters a call into its caller's lane.
  ///
  /// @return the lane, or null when the caller already has a call of this id or there are too many
  ///   callers
  @Nullable Lane join(String inbox, long id, NatsServerCall<?, ?> call, long now) {
    while (true) {
      Lane lane = byInbox.get(inbox);
      if (lane == null) {
        if (byInbox.size() >= MAX_LANES) {
          return null;
        }
        lane = byInbox.computeIfAbsent(inbox, this::newLane);
      }
      lane.touch(now);
      if (lane.calls.putIfAbsent(id, call) != null) {
        return null;
      }
      if (!lane.retired) {
        return lane;
      }
      lane.calls.remove(id);
      byInbox.remove(inbox, lane);
      byNumber.remove(lane.number);
    }
  }

  private Lane newLane(String inbox) {
    long number = numbers.incrementAndGet();
    Lane lane = new Lane(settings, inbox, number, directed + Long.toString(number, 36));
    byNumber.put(number, lane);
    return lane;
  }

  /// Answers a request that is not accepted, without blocking.
  void refuse(String replyTo, Status status, String reason) {
    CallAddress address = CallAddress.parse(replyTo);
    String subject = address == null ? replyTo : CallAddress.frames(address.inbox(), address.id());
    HeaderBlock block = HeaderCodec.response(0, new Metadata(), status, Refusal.trailers(reason));
    foreign.sendLater(new Frame(Frame.Kind.HEADERS, 0, 0, new byte[0], block, subject));
  }

  /// Makes sure that a call is looked at when it is due.
  void due(long nanoTime) {
    settings.sweeper().wakeBy(nanoTime);
  }

  /// Takes a message from a control subject. Never blocks.
  void onControl(Message message) {
    String subject = message.getSubject();
    Lane lane = null;
    if (subject.startsWith(directed)) {
      lane = byNumber.get(CallAddress.parseId(subject, directed.length(), subject.length()));
      if (Wire.isNoResponders(message)) {
        if (lane != null) {
          lane.calls.values().forEach(call -> call.cancel("the caller is gone"));
        }
        return;
      }
    }
    Control said = Control.read(message.getData());
    if (said == null) {
      settings.counters().malformed();
      return;
    }
    if (lane == null) {
      lane = byInbox.get(said.inbox());
    }
    NatsServerCall<?, ?> call = lane == null ? null : lane.calls.get(said.call());
    if (call != null) {
      switch (said.kind()) {
        case CREDIT -> call.credit(said.value());
        case CANCEL -> call.cancel("the caller cancelled");
      }
    }
  }

  @Override
  public long sweep(long now) {
    long next = now + IDLE_NANOS;
    for (Lane lane : byInbox.values()) {
      next = earlier(next, sweep(lane, now));
      if (lane.isIdleSince(now - IDLE_NANOS)) {
        retire(lane);
      }
    }
    return earlier(next, sweep(foreign, now));
  }

  private static long sweep(Lane lane, long now) {
    long next = now + IDLE_NANOS;
    for (NatsServerCall<?, ?> call : lane.calls.values()) {
      next = earlier(next, call.sweep(now));
    }
    return next;
  }

  /// Takes an idle lane away unless a call has joined it meanwhile; a call that joins it later sees
  /// the mark and makes a new one.
  private void retire(Lane lane) {
    lane.retired = true;
    if (lane.calls.isEmpty()) {
      byInbox.remove(lane.inbox, lane);
      byNumber.remove(lane.number);
    } else {
      lane.retired = false;
    }
  }

  static long earlier(long one, long other) {
    return one - other < 0 ? one : other;
  }

  /// Waits until everything sent so far has been handed to the connection, or a second has passed.
  void awaitFlushed() {
    long due = System.nanoTime() + TimeUnit.SECONDS.toNanos(1);
    List<Lane> all = new ArrayList<>(byInbox.values());
    all.add(foreign);
    while (!all.stream().allMatch(Lane::isFlushed) && due - System.nanoTime() > 0) {
      LockSupport.parkNanos(this, 100_000);
    }
  }

  /// Ends every open call and tells its caller why.
  void abortAll(Status status) {
    for (Lane lane : byInbox.values()) {
      lane.calls.values().forEach(call -> call.abort(status));
    }
    foreign.calls.values().forEach(call -> call.abort(status));
  }
}
