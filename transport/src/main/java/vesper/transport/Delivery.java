package vesper.transport;

import io.grpc.ClientCall;
import io.grpc.Context;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Hands what arrives for a call to its listener: in order, one callback at a time, on the call's
/// executor, and only as many messages as were asked for.
final class Delivery<A> implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(Delivery.class);
  private static final VarHandle SIGNALS;
  private static final VarHandle REQUESTED;
  private static final VarHandle END;

  static {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      SIGNALS = lookup.findVarHandle(Delivery.class, "signals", int.class);
      REQUESTED = lookup.findVarHandle(Delivery.class, "requested", long.class);
      END = lookup.findVarHandle(Delivery.class, "end", End.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /// How a call ended.
  ///
  /// @param abandoned whether messages that have arrived are dropped
  private record End(Status status, Metadata trailers, boolean abandoned) {}

  private final NatsClientCall<?, A> call;
  private final ClientCall.Listener<A> listener;
  private final MethodDescriptor<?, A> method;
  private final Executor executor;
  private final Context context;
  private final boolean stream;
  private final @Nullable Queue<Payload> queue;

  // Read and written through the handles.
  @SuppressWarnings("UnusedVariable") // read through SIGNALS
  private volatile int signals;

  private volatile long requested;
  private volatile @Nullable End end;

  private volatile @Nullable Metadata headers;
  private volatile @Nullable Payload single;
  private volatile long consumed;

  // Owned by the loop.
  private boolean headersDelivered;
  private boolean closed;
  private long credited;

  Delivery(
      NatsClientCall<?, A> call,
      ClientCall.Listener<A> listener,
      MethodDescriptor<?, A> method,
      Executor executor,
      Context context) {
    this.call = call;
    this.listener = listener;
    this.method = method;
    this.executor = executor;
    this.context = context;
    this.stream = !method.getType().serverSendsOneMessage();
    this.queue = stream ? new ConcurrentLinkedQueue<>() : null;
  }

  void request(int more) {
    REQUESTED.getAndAdd(this, (long) more);
    if (single != null || (queue != null && !queue.isEmpty())) {
      signal();
    }
  }

  /// Notes the headers; delivered with what follows, for a stream at once.
  void headers(Metadata metadata) {
    headers = metadata;
    if (stream) {
      signal();
    }
  }

  /// Notes a message; for a unary call the end follows and signals.
  void message(Payload payload) {
    if (queue == null) {
      single = payload;
    } else {
      queue.add(payload);
      signal();
    }
  }

  /// Ends the call; true for the first end, whose caller then calls [#signal].
  boolean end(Status status, Metadata trailers, boolean abandoned) {
    return END.compareAndSet(this, null, new End(status, trailers, abandoned));
  }

  boolean isEnded() {
    return end != null;
  }

  /// Returns how many messages the listener has taken.
  long consumed() {
    return consumed;
  }

  /// Makes sure that what has arrived is delivered.
  void signal() {
    if ((int) SIGNALS.getAndAdd(this, 1) == 0) {
      try {
        executor.execute(this);
      } catch (RejectedExecutionException e) {
        LOG.atDebug()
            .addKeyValue("method", method.getFullMethodName())
            .log("An answer came after the caller's executor had shut down");
      }
    }
  }

  @Override
  public void run() {
    Context before = context.attach();
    try {
      int handled = 1;
      do {
        if (!closed) {
          step();
        }
        handled = (int) SIGNALS.getAndAdd(this, -handled) - handled;
      } while (handled != 0);
    } finally {
      context.detach(before);
    }
  }

  /// Delivers what can be delivered now. The end is read first: what came before it is in the
  /// queue.
  private void step() {
    End last = end;
    if (last == null || !last.abandoned) {
      try {
        deliverHeaders(headers);
        while (hasMessage() && consumed < requested && !isAbandoned()) {
          deliverMessage();
        }
      } catch (RuntimeException | Error e) {
        fail(Status.CANCELLED.withDescription("the listener failed").withCause(e));
        return;
      }
      last = isAbandoned() ? end : last;
    }
    if (last != null && (last.abandoned || !hasMessage())) {
      close(last);
    }
  }

  private boolean isAbandoned() {
    End current = end;
    return current != null && current.abandoned;
  }

  private boolean hasMessage() {
    return queue == null ? single != null : !queue.isEmpty();
  }

  private @Nullable Payload takeMessage() {
    if (queue != null) {
      return queue.poll();
    }
    Payload taken = single;
    single = null;
    return taken;
  }

  private void deliverHeaders(@Nullable Metadata metadata) {
    if (metadata != null && !headersDelivered) {
      headersDelivered = true;
      listener.onHeaders(metadata);
    }
  }

  private void deliverMessage() {
    Payload payload = takeMessage();
    if (payload == null) {
      return;
    }
    deliverHeaders(new Metadata());
    if (payload.length() > call.maxInbound()) {
      fail(
          Status.RESOURCE_EXHAUSTED.withDescription(
              "an answer of %d bytes is larger than the caller takes".formatted(payload.length())));
      return;
    }
    A message;
    try {
      message = payload.read(method.getResponseMarshaller());
    } catch (RuntimeException e) {
      fail(Status.INTERNAL.withDescription("the answer could not be decoded").withCause(e));
      return;
    }
    long taken = consumed + 1;
    listener.onMessage(message);
    consumed = taken;
    if (stream && taken - credited >= SendWindow.SIZE / 2 && end == null) {
      credited = taken;
      call.credit(taken);
    }
  }

  /// Ends the call with a failure of this side, even if the server ended it well meanwhile.
  private void fail(Status status) {
    call.abandon(status);
    close(new End(status, new Metadata(), true));
  }

  private void close(End last) {
    if (closed) {
      return;
    }
    closed = true;
    if (queue != null) {
      queue.clear();
    }
    single = null;
    try {
      listener.onClose(last.status, last.trailers);
    } catch (RuntimeException | Error e) {
      LOG.atError()
          .setCause(e)
          .addKeyValue("method", method.getFullMethodName())
          .log("A listener failed when its call ended");
    }
  }
}
