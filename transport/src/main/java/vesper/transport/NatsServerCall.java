package vesper.transport;

import io.grpc.Context;
import io.grpc.Deadline;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.nats.client.Message;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One served call. It runs on a virtual thread of its own; a message that its caller has no room
/// for parks the thread that sends it.
///
/// The handler's callbacks run one after the other: whoever raises a signal while nobody runs them
/// starts a thread that does.
final class NatsServerCall<Q, A> extends ServerCall<Q, A> implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(NatsServerCall.class);
  private static final long MAX_TIMEOUT_NANOS = TimeUnit.DAYS.toNanos(30);

  private static final int OPEN = 0;
  private static final int CLOSED = 1;
  private static final int CANCELLED = 2;

  private static final VarHandle STATE;
  private static final VarHandle SIGNALS;

  static {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      STATE = lookup.findVarHandle(NatsServerCall.class, "state", int.class);
      SIGNALS = lookup.findVarHandle(NatsServerCall.class, "signals", int.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final Endpoint<Q, A> endpoint;
  private final Message request;
  private final String replyTo;
  private final long started = System.nanoTime();
  private final @Nullable SendWindow window;

  // Read and written through the handles.
  private volatile int state = OPEN;

  @SuppressWarnings("UnusedVariable") // read through SIGNALS
  private volatile int signals = 1;

  // Written once, while the call opens.
  private volatile @Nullable Lane lane;
  private long id;
  private volatile @Nullable FrameMaker frames;
  private long due;
  private long beatNanos;
  private volatile Context.@Nullable CancellableContext context;
  private @Nullable Listener<Q> listener;

  // Owned by the thread that runs the callbacks.
  private boolean delivered;
  private boolean finished;

  private volatile boolean requested;
  private volatile boolean becameReady;
  private volatile long lastSent = started;
  private volatile Status end = Status.OK;

  NatsServerCall(Endpoint<Q, A> endpoint, Message request, String replyTo) {
    this.endpoint = endpoint;
    this.request = request;
    this.replyTo = replyTo;
    this.window =
        endpoint.method.getType().serverSendsOneMessage()
            ? null
            : new SendWindow(() -> state == OPEN);
  }

  // --- opening and callbacks ---

  @Override
  public void run() {
    Metadata metadata = open();
    if (metadata == null) {
      leave();
      return;
    }
    Context.CancellableContext running =
        Context.ROOT.withDeadline(
            Deadline.after(due - System.nanoTime(), TimeUnit.NANOSECONDS), NoTimers.INSTANCE);
    context = running;
    runCallbacks(running, metadata);
  }

  /// Finds the call's place; returns the request's metadata, or null when the call ended already.
  private @Nullable Metadata open() {
    CallAddress address = CallAddress.parse(replyTo);
    beatNanos = beatNanos(address);
    Lanes lanes = endpoint.lanes;
    if (address == null) {
      long timeout =
          HeaderCodec.timeout(request.getHeaders(), endpoint.settings.foreignTimeoutNanos());
      due = started + Math.min(timeout, MAX_TIMEOUT_NANOS);
      id = lanes.joinForeign(this);
      frames = maker(replyTo);
      lane = lanes.foreign();
      if (window != null) {
        return refuse(
            Status.INVALID_ARGUMENT.withDescription("a stream needs a caller that sends credits"));
      }
    } else {
      due = started + Math.min(address.timeoutNanos(), MAX_TIMEOUT_NANOS);
      id = address.id();
      frames = maker(CallAddress.frames(address.inbox(), id));
      Lane own = lanes.join(address.inbox(), id, this, started);
      lane = own == null ? lanes.foreign() : own;
      if (own == null) {
        return refuse(Status.RESOURCE_EXHAUSTED.withDescription("there is no room for this call"));
      }
    }
    lanes.due(beatNanos > 0 ? Lanes.earlier(due, started + beatNanos) : due);
    try {
      return HeaderCodec.metadata(request.getHeaders());
    } catch (StatusRuntimeException e) {
      return refuse(e.getStatus());
    }
  }

  private FrameMaker maker(String subject) {
    return new FrameMaker(id, subject, window != null, endpoint.settings.maxPayload());
  }

  private @Nullable Metadata refuse(Status status) {
    close(status, new Metadata());
    return null;
  }

  private void runCallbacks(Context.CancellableContext running, @Nullable Metadata metadata) {
    Context before = running.attach();
    try {
      if (metadata != null && state == OPEN) {
        guarded(() -> start(metadata));
      }
      int handled = 1;
      do {
        if (!delivered && requested && state == OPEN) {
          delivered = true;
          guarded(this::deliver);
        }
        if (becameReady) {
          becameReady = false;
          if (state == OPEN) {
            guarded(() -> listener().onReady());
          }
        }
        if (state != OPEN && !finished) {
          finished = true;
          finish(running);
        }
        handled = (int) SIGNALS.getAndAdd(this, -handled) - handled;
      } while (handled != 0);
    } finally {
      running.detach(before);
    }
  }

  private void start(Metadata metadata) {
    listener = endpoint.definition.getServerCallHandler().startCall(this, metadata);
    listener().onReady();
  }

  private void deliver() {
    Q message;
    try {
      message = new Payload(request.getData()).read(endpoint.method.getRequestMarshaller());
    } catch (RuntimeException e) {
      LOG.atDebug()
          .setCause(e)
          .addKeyValue("method", endpoint.method.getFullMethodName())
          .log("A request could not be decoded");
      refuse(Status.INVALID_ARGUMENT.withDescription("the request could not be decoded"));
      return;
    }
    listener().onMessage(message);
    listener().onHalfClose();
  }

  private Listener<Q> listener() {
    Listener<Q> current = listener;
    if (current == null) {
      throw new IllegalStateException("the handler returned no listener");
    }
    return current;
  }

  private void guarded(Runnable callback) {
    try {
      callback.run();
    } catch (Throwable e) {
      if (state == OPEN) {
        LOG.atError()
            .setCause(e)
            .addKeyValue("method", endpoint.method.getFullMethodName())
            .log("A handler failed");
        refuse(Status.UNKNOWN.withDescription("the service failed while it answered"));
      }
    }
  }

  private void finish(Context.CancellableContext running) {
    Listener<Q> current = listener;
    if (current != null) {
      try {
        if (state == CLOSED) {
          current.onComplete();
        } else {
          current.onCancel();
        }
      } catch (Throwable e) {
        LOG.atError()
            .setCause(e)
            .addKeyValue("method", endpoint.method.getFullMethodName())
            .log("A handler failed after its call ended");
      }
    }
    running.cancel(null);
    leave();
  }

  private void leave() {
    lane().calls.remove(id, this);
    endpoint.record(end, System.nanoTime() - started);
    endpoint.settings.admission().exit();
  }

  private void signal() {
    if ((int) SIGNALS.getAndAdd(this, 1) == 0) {
      Context.CancellableContext running = context;
      if (running != null) {
        Thread.startVirtualThread(() -> runCallbacks(running, null));
      }
    }
  }

  // --- answering, called by the handler ---

  @Override
  public void request(int numMessages) {
    if (!requested) {
      requested = true;
      signal();
    }
  }

  @Override
  public void sendHeaders(Metadata metadata) {
    Frame frame = frames().headers(metadata);
    if (frame != null && state == OPEN) {
      send(frame);
    }
  }

  @Override
  public void sendMessage(A message) {
    byte[] payload = Payload.write(endpoint.method.getResponseMarshaller(), message);
    int most = frames().maxMessage();
    if (payload.length > most) {
      abort(
          Status.RESOURCE_EXHAUSTED.withDescription(
              "an answer of %d bytes is larger than the %d that fit"
                  .formatted(payload.length, most)));
    } else if (window == null) {
      frames().reply(payload);
    } else if (window.take()) {
      send(frames().message(payload));
    } else {
      throw Status.CANCELLED.withDescription("nobody waits for this stream").asRuntimeException();
    }
  }

  private void send(Frame frame) {
    lastSent = System.nanoTime();
    lane().send(frame, true);
    frames().announce(frame);
  }

  @Override
  public boolean isReady() {
    return window == null ? state == OPEN : window.hasRoom();
  }

  @Override
  public void close(Status status, Metadata trailers) {
    if (STATE.compareAndSet(this, OPEN, CLOSED)) {
      FrameMaker.End last = frames().last(status, trailers);
      end = last.status();
      lane().send(last.frame(), window != null || endpoint.settings.admission().running() > 1);
      signal();
    }
  }

  private Lane lane() {
    return Objects.requireNonNull(lane, "lane");
  }

  private FrameMaker frames() {
    return Objects.requireNonNull(frames, "frames");
  }

  @Override
  public boolean isCancelled() {
    return state == CANCELLED;
  }

  @Override
  public MethodDescriptor<Q, A> getMethodDescriptor() {
    return endpoint.method;
  }

  // --- what others say about the call; never blocks ---

  /// Notes how many messages the caller has consumed in all.
  void credit(long consumed) {
    if (window != null && window.credit(consumed)) {
      becameReady = true;
      signal();
    }
  }

  /// Ends the call without telling the caller.
  void cancel(String reason) {
    Status status = Status.CANCELLED.withDescription(reason);
    if (STATE.compareAndSet(this, OPEN, CANCELLED)) {
      end = status;
      ended(status.asException());
    }
  }

  /// Ends the call and tells the caller why.
  void abort(Status status) {
    if (STATE.compareAndSet(this, OPEN, CANCELLED)) {
      end = status;
      Lane own = lane;
      if (own != null) {
        own.sendLater(frames().ended(status).frame());
      }
      ended(
          status.getCode() == Status.Code.DEADLINE_EXCEEDED
              ? new TimeoutException("the call's deadline passed")
              : status.asException());
    }
  }

  private void ended(Exception cause) {
    if (window != null) {
      window.wake();
    }
    Context.CancellableContext running = context;
    if (running != null) {
      Thread.startVirtualThread(() -> running.cancel(cause));
    }
    signal();
  }

  /// Returns how long nothing is sent before a sign of life is, or 0 for callers that know none.
  private long beatNanos(@Nullable CallAddress caller) {
    long ofCall = caller == null ? 0 : SignsOfLife.interval(caller.timeoutNanos());
    return window == null ? ofCall : endpoint.settings.heartbeatNanos();
  }

  /// Ends the call when its deadline has passed; says that a silent one lives.
  ///
  /// @return when to look again
  long sweep(long now) {
    if (state != OPEN) {
      return now + TimeUnit.HOURS.toNanos(1);
    }
    if (due - now <= 0) {
      abort(Status.DEADLINE_EXCEEDED.withDescription("the deadline passed while the call ran"));
      return now + TimeUnit.HOURS.toNanos(1);
    }
    Lane own = lane;
    if (beatNanos == 0 || own == null) {
      return due;
    }
    if (lastSent + beatNanos - now <= 0) {
      lastSent = now;
      own.sendLater(frames().beat());
    }
    return Lanes.earlier(due, lastSent + beatNanos);
  }
}
