package vesper.transport;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Deadline;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.nats.client.impl.Headers;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// One call over NATS, from the caller's side: sends the request, understands what comes back and
/// passes it to the [Delivery].
final class NatsClientCall<Q, A> extends ClientCall<Q, A> implements Context.CancellationListener {
  private static final long MAX_TIMEOUT_NANOS = TimeUnit.DAYS.toNanos(30);

  private final Inbox inbox;
  private final MethodDescriptor<Q, A> method;
  private final SubjectScheme.Route route;
  private final CallOptions options;
  private final Executor executor;
  private final long defaultNanos;
  private final boolean stream;
  private final Context context = Context.current();

  // Written before the request is sent.
  private @Nullable Delivery<A> delivery;
  private Metadata requestHeaders = new Metadata();
  private byte @Nullable [] request;
  private long due;
  private long patience;
  private volatile long id = -1;

  private volatile String control = "";
  private volatile long lastHeard;

  // Owned by the inbox's thread.
  private long received;
  private long messages;

  NatsClientCall(
      Inbox inbox,
      MethodDescriptor<Q, A> method,
      SubjectScheme.Route route,
      CallOptions options,
      Executor executor,
      long defaultNanos) {
    this.inbox = inbox;
    this.method = method;
    this.route = route;
    this.options = options;
    this.executor = executor;
    this.defaultNanos = defaultNanos;
    this.stream = !method.getType().serverSendsOneMessage();
  }

  // --- called by the stub ---

  @Override
  public void start(Listener<A> listener, Metadata metadata) {
    if (delivery != null) {
      throw new IllegalStateException("the call was started already");
    }
    delivery = new Delivery<>(this, listener, method, executor, context);
    requestHeaders = metadata;
    long now = System.nanoTime();
    long nanos = timeoutNanos();
    due = now + Math.min(nanos, MAX_TIMEOUT_NANOS);
    if (context.isCancelled()) {
      end(Contexts.statusFromCancelled(context));
    } else if (nanos <= 0) {
      end(Status.DEADLINE_EXCEEDED.withDescription("the deadline had passed before the call"));
    } else if (options.getCredentials() != null) {
      end(
          Status.UNIMPLEMENTED.withDescription(
              "call credentials are not carried over NATS; use an interceptor"));
    }
  }

  private long timeoutNanos() {
    Deadline own = options.getDeadline();
    Deadline outer = context.getDeadline();
    if (own == null && outer == null) {
      return defaultNanos;
    }
    if (own == null || (outer != null && outer.isBefore(own))) {
      own = outer;
    }
    return own == null ? defaultNanos : own.timeRemaining(TimeUnit.NANOSECONDS);
  }

  @Override
  public void request(int numMessages) {
    delivery().request(numMessages);
  }

  @Override
  public void sendMessage(Q message) {
    if (request != null) {
      throw new IllegalStateException("the call takes one request");
    }
    try {
      request = Payload.write(method.getRequestMarshaller(), message);
    } catch (RuntimeException e) {
      end(Status.CANCELLED.withDescription("the request could not be encoded").withCause(e));
    }
  }

  @Override
  public void halfClose() {
    if (id >= 0) {
      throw new IllegalStateException("the call was sent already");
    }
    if (!delivery().isEnded()) {
      send();
    }
  }

  private void send() {
    byte[] payload = request;
    if (payload == null) {
      end(Status.INTERNAL.withDescription("the call was sent without a request"));
      return;
    }
    HeaderBlock block;
    try {
      block = HeaderCodec.request(requestHeaders);
    } catch (StatusRuntimeException e) {
      end(e.getStatus());
      return;
    }
    int most = inbox.maxPayload() - (block == null ? 0 : block.serializedLength());
    Integer asked = options.getMaxOutboundMessageSize();
    int limit = asked == null ? most : Math.min(asked, most);
    if (payload.length > limit) {
      end(
          Status.RESOURCE_EXHAUSTED.withDescription(
              "a request of %d bytes is larger than the %d that fit"
                  .formatted(payload.length, limit)));
      return;
    }
    long now = System.nanoTime();
    long number = inbox.enter(this);
    if (number < 0) {
      refuse(Status.RESOURCE_EXHAUSTED, "too many calls are open", Refusal.LIMIT);
      return;
    }
    id = number;
    lastHeard = now;
    patience = patience(due - now);
    inbox.due(patience > 0 ? Lanes.earlier(due, now + patience) : due);
    context.addListener(this, Runnable::run);
    if (delivery().isEnded()) {
      forget();
      return;
    }
    try {
      String replyTo = CallAddress.format(inbox.address(), number, Math.max(1, due - now));
      inbox.publish(route.subject(), replyTo, block, payload);
    } catch (IllegalStateException | IllegalArgumentException e) {
      refuse(Status.UNAVAILABLE, "the connection to NATS is away", Refusal.DISCONNECTED);
    }
  }

  /// Returns how long the server may be silent, or 0 when only the deadline counts.
  private long patience(long timeout) {
    if (stream) {
      return inbox.idleNanos();
    }
    return options.getOption(NatsChannel.WATCHED) ? SignsOfLife.patience(timeout) : 0;
  }

  private void refuse(Status status, String description, String reason) {
    close(status.withDescription(description), Refusal.trailers(reason), true);
  }

  @Override
  public void cancel(@Nullable String message, @Nullable Throwable cause) {
    abandon(
        Status.CANCELLED
            .withDescription(message == null ? "the call was cancelled" : message)
            .withCause(cause));
  }

  /// The caller's own context was cancelled.
  @Override
  public void cancelled(Context cancelledContext) {
    abandon(Contexts.statusFromCancelled(cancelledContext));
  }

  @Override
  public boolean isReady() {
    return !delivery().isEnded();
  }

  private Delivery<A> delivery() {
    Delivery<A> current = delivery;
    if (current == null) {
      throw new IllegalStateException("the call was not started");
    }
    return current;
  }

  // --- ends ---

  /// Ends the call on this side; messages not yet delivered are dropped.
  void end(Status status) {
    close(status, new Metadata(), true);
  }

  /// Ends the call on this side and tells the server; true for the first end.
  boolean abandon(Status status) {
    if (!close(status, new Metadata(), true)) {
      return false;
    }
    if (id >= 0) {
      tell(Control.Kind.CANCEL, 0);
    }
    return true;
  }

  private boolean close(Status status, Metadata trailers, boolean abandoned) {
    if (!delivery().end(status, trailers, abandoned)) {
      return false;
    }
    forget();
    delivery().signal();
    return true;
  }

  private void forget() {
    if (id >= 0) {
      inbox.exit(id);
      context.removeListener(this);
    }
  }

  /// Tells the server, or every instance of it while it is not known which one answers.
  private void tell(Control.Kind kind, long value) {
    String known = control;
    if (known.isEmpty()) {
      inbox.control(route.control(), new Control(kind, id, value, inbox.address()));
    } else {
      inbox.control(known, new Control(kind, id, value, ""));
    }
  }

  // --- what arrives, called by the inbox's thread ---

  void onNoResponders() {
    refuse(
        Status.UNAVAILABLE,
        "no instance listens to %s".formatted(route.subject()),
        Refusal.NO_RESPONDERS);
  }

  /// Takes the plain answer of a unary call.
  void onReply(Payload payload) {
    if (stream) {
      inbox.counters().malformed();
    } else {
      delivery().headers(new Metadata());
      delivery().message(payload);
      close(Status.OK, new Metadata(), false);
    }
  }

  /// Takes an answer with headers: status, metadata or both.
  void onHeaders(Headers headers, Payload payload) {
    lastHeard = System.nanoTime();
    Status status = HeaderCodec.status(headers);
    Metadata metadata;
    Metadata trailers;
    try {
      metadata = HeaderCodec.metadata(headers);
      trailers = HeaderCodec.trailers(headers);
    } catch (StatusRuntimeException e) {
      abandon(Status.INTERNAL.withDescription("the answer's metadata is malformed"));
      return;
    }
    boolean ok = status != null && status.isOk();
    if (status == null && !stream) {
      inbox.counters().malformed();
    } else if ((status == null || ok) && stream && !isNext(HeaderCodec.sequence(headers))) {
      gap();
    } else {
      if (status == null || ok || !metadata.keys().isEmpty()) {
        delivery().headers(metadata);
      }
      if (ok && !stream) {
        delivery().message(payload);
      }
      if (status != null) {
        close(status, trailers, false);
      }
    }
  }

  /// Takes a frame of a batch.
  ///
  /// @param from where the server takes credits and cancellations, or empty
  void onFrame(Frame.Kind kind, long sequence, Payload payload, String from) {
    if (kind == Frame.Kind.REPLY) {
      onReply(payload);
      return;
    }
    if (!stream && kind != Frame.Kind.BEAT) {
      inbox.counters().malformed();
      return;
    }
    lastHeard = System.nanoTime();
    if (control.isEmpty()) {
      control = from;
    }
    if (kind == Frame.Kind.BEAT) {
      onBeat(sequence);
    } else if (!isNext(sequence)) {
      gap();
    } else if (kind == Frame.Kind.END) {
      close(Status.OK, new Metadata(), false);
    } else if (++messages - delivery().consumed() > SendWindow.SIZE) {
      abandon(Status.INTERNAL.withDescription("the service sends more than it has credits for"));
    } else {
      delivery().message(payload);
    }
  }

  private void onBeat(long sequence) {
    if (sequence > received) {
      gap();
    } else if (delivery().consumed() > 0) {
      // Should a credit have been lost, the stream goes on now.
      tell(Control.Kind.CREDIT, delivery().consumed());
    }
  }

  private boolean isNext(long sequence) {
    if (sequence != received + 1) {
      return false;
    }
    received = sequence;
    return true;
  }

  private void gap() {
    inbox.counters().gap();
    abandon(Status.DATA_LOSS.withDescription("a part of the stream was lost on the way"));
  }

  /// Tells the server how many messages were consumed in all.
  void credit(long consumed) {
    tell(Control.Kind.CREDIT, consumed);
  }

  /// Returns the largest message the caller takes.
  int maxInbound() {
    Integer asked = options.getMaxInboundMessageSize();
    return asked == null ? Integer.MAX_VALUE : asked;
  }

  /// Ends the call when its deadline has passed or its server fell silent. What follows runs on
  /// another thread.
  ///
  /// @return when to look again
  long sweep(long now) {
    if (due - now <= 0) {
      Thread.startVirtualThread(
          () -> end(Status.DEADLINE_EXCEEDED.withDescription("no answer within the deadline")));
      return now + TimeUnit.HOURS.toNanos(1);
    }
    if (patience == 0) {
      return due;
    }
    long silentAt = lastHeard + patience;
    if (silentAt - now <= 0) {
      Thread.startVirtualThread(this::endSilent);
      return due;
    }
    return Lanes.earlier(due, silentAt);
  }

  private void endSilent() {
    String description =
        stream
            ? "the stream fell silent"
            : "the service fell silent; the call may have been served";
    if (abandon(Status.UNAVAILABLE.withDescription(description))) {
      inbox.counters().silent();
    }
  }
}
