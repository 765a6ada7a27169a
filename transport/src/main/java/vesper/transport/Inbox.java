package vesper.transport;

import io.grpc.Status;
import io.nats.client.Connection;
import io.nats.client.ConnectionListener;
import io.nats.client.Dispatcher;
import io.nats.client.Message;
import io.nats.client.impl.Headers;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// The one subscription of a channel: hands each answer to the call that waits for it.
final class Inbox implements Sweeper.Source, ConnectionListener {
  private static final long PENDING_MESSAGES = 131_072;
  private static final long PENDING_BYTES = 256L * 1024 * 1024;

  private final Connection connection;
  private final Sweeper sweeper;
  private final TransportCounters counters = new TransportCounters();
  private final int maxInFlight;
  private final long idleNanos;
  private final String address;
  private final Dispatcher dispatcher;
  private final Map<Long, NatsClientCall<?, ?>> calls = new ConcurrentHashMap<>();
  private final AtomicLong ids = new AtomicLong();
  private final AtomicBoolean closed = new AtomicBoolean();
  private final AtomicInteger open = new AtomicInteger();

  Inbox(Connection connection, Sweeper sweeper, int maxInFlight, long idleNanos) {
    this.connection = connection;
    this.sweeper = sweeper;
    this.maxInFlight = maxInFlight;
    this.idleNanos = idleNanos;
    this.address = connection.createInbox();
    this.dispatcher = connection.createDispatcher(this::onMessage);
  }

  void start() {
    dispatcher.setPendingLimits(PENDING_MESSAGES, PENDING_BYTES);
    dispatcher.subscribe(address + ".>");
    connection.addConnectionListener(this);
    sweeper.add(this);
  }

  String address() {
    return address;
  }

  TransportCounters counters() {
    return counters;
  }

  TransportStats stats() {
    return counters.snapshot(calls.size(), dispatcher.getDroppedCount());
  }

  int inFlight() {
    return calls.size();
  }

  long idleNanos() {
    return idleNanos;
  }

  int maxPayload() {
    return (int) Math.min(Integer.MAX_VALUE, connection.getMaxPayload());
  }

  /// Enters a call and returns its id, or -1 when as many are open as may be.
  long enter(NatsClientCall<?, ?> call) {
    if (open.incrementAndGet() > maxInFlight) {
      open.decrementAndGet();
      counters.refused();
      return -1;
    }
    long id = ids.incrementAndGet();
    calls.put(id, call);
    return id;
  }

  /// Forgets a call.
  void exit(long id) {
    if (calls.remove(id) != null) {
      open.decrementAndGet();
    }
  }

  /// Makes sure that a call is looked at when it is due.
  void due(long nanoTime) {
    sweeper.wakeBy(nanoTime);
  }

  /// Sends a request.
  ///
  /// @throws IllegalStateException when it was not sent
  void publish(String subject, String replyTo, @Nullable HeaderBlock headers, byte[] payload) {
    Wire.publish(connection, subject, replyTo, headers, payload);
  }

  /// Tells a server about a call. What is lost is said again, or the server's deadline says it.
  void control(String subject, Control control) {
    try {
      Wire.publish(connection, subject, null, null, control.write());
    } catch (IllegalStateException e) {
      counters.framesLost(1);
    }
  }

  private void onMessage(Message message) {
    String subject = message.getSubject();
    int from = address.length() + 1;
    String replyTo = message.getReplyTo();
    if (subject.length() == from + 1 && subject.endsWith(CallAddress.BATCH)) {
      onBatch(message, replyTo == null ? "" : replyTo);
      return;
    }
    int dot = subject.indexOf('.', from);
    long id = CallAddress.parseId(subject, from, dot < 0 ? subject.length() : dot);
    NatsClientCall<?, ?> call = calls.get(id);
    if (call == null) {
      return;
    }
    Headers headers = message.getHeaders();
    if (Wire.isNoResponders(message)) {
      counters.noResponders();
      call.onNoResponders();
    } else if (headers == null) {
      call.onReply(new Payload(message.getData()));
    } else {
      call.onHeaders(headers, new Payload(message.getData()));
    }
  }

  private void onBatch(Message message, String control) {
    boolean sound =
        BatchCodec.read(
            message.getData(),
            (kind, id, sequence, payload) -> {
              NatsClientCall<?, ?> call = calls.get(id);
              if (call != null) {
                call.onFrame(kind, sequence, payload, control);
              } else if (kind == Frame.Kind.BEAT && !control.isEmpty()) {
                control(control, new Control(Control.Kind.CANCEL, id, 0, ""));
              }
            });
    if (!sound) {
      counters.malformed();
    }
  }

  @Override
  public long sweep(long now) {
    long next = now + TimeUnit.HOURS.toNanos(1);
    for (NatsClientCall<?, ?> call : calls.values()) {
      next = Lanes.earlier(next, call.sweep(now));
    }
    return next;
  }

  @Override
  @SuppressWarnings("deprecation") // the only method a listener must have
  public void connectionEvent(Connection source, Events type) {
    if (type == Events.DISCONNECTED || type == Events.CLOSED) {
      endAll(
          Status.UNAVAILABLE
              .withDescription("the connection to NATS was lost; the call may have been served")
              .withCause(new ConnectionLostException()));
    }
  }

  private void endAll(Status status) {
    calls.values().forEach(call -> call.end(status));
  }

  void close() {
    if (closed.getAndSet(true)) {
      return;
    }
    sweeper.remove(this);
    connection.removeConnectionListener(this);
    endAll(Status.UNAVAILABLE.withDescription("the channel was closed"));
    if (connection.getStatus() != Connection.Status.CLOSED) {
      connection.closeDispatcher(dispatcher);
    }
  }
}
