package vesper.transport;

import io.grpc.Context;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Gives server-streaming handlers on any grpc server what they have over NATS: a thread that sends
/// faster than its caller reads is parked, so that what waits for the caller stays bounded, and one
/// that sends to nobody gets CANCELLED.
///
/// The handler runs on a virtual thread of its own, since grpc says that there is room again in the
/// same queue of callbacks that a handler would block.
public final class StreamBackpressure implements ServerInterceptor {
  private static final Logger LOG = LoggerFactory.getLogger(StreamBackpressure.class);

  @Override
  public <Q, A> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
    if (call.getMethodDescriptor().getType().serverSendsOneMessage()) {
      return next.startCall(call, headers);
    }
    Gate<Q, A> gate = new Gate<>(call);
    return new Relay<>(gate, next.startCall(gate, headers));
  }

  /// Parks who sends too far ahead of the transport.
  private static final class Gate<Q, A> extends SimpleForwardingServerCall<Q, A> {
    private int ahead;
    private volatile boolean closed;
    private volatile boolean ended;
    private volatile @Nullable Thread parked;

    Gate(ServerCall<Q, A> call) {
      super(call);
    }

    @Override
    public void sendMessage(A message) {
      if (isReady()) {
        ahead = 0;
      } else if (++ahead > SendWindow.SIZE) {
        await();
        ahead = 0;
      }
      if (isOver() || Thread.currentThread().isInterrupted()) {
        throw Status.CANCELLED.withDescription("nobody waits for this stream").asRuntimeException();
      }
      super.sendMessage(message);
    }

    private void await() {
      while (!isReady() && !isOver() && !Thread.currentThread().isInterrupted()) {
        parked = Thread.currentThread();
        if (!isReady() && !isOver()) {
          LockSupport.park(this);
        }
        parked = null;
      }
    }

    private boolean isOver() {
      return ended || isCancelled();
    }

    @Override
    public void close(Status status, Metadata trailers) {
      closed = true;
      super.close(status, trailers);
    }

    void end() {
      ended = true;
      wake();
    }

    void wake() {
      Thread waiting = parked;
      if (waiting != null) {
        LockSupport.unpark(waiting);
      }
    }
  }

  /// Runs the handler beside the transport's callbacks, and holds those back until it is done.
  private static final class Relay<Q, A> extends ServerCall.Listener<Q> {
    private final Gate<Q, A> gate;
    private final ServerCall.Listener<Q> handler;
    private final Queue<Runnable> held = new ArrayDeque<>();
    private boolean running;

    Relay(Gate<Q, A> gate, ServerCall.Listener<Q> handler) {
      this.gate = gate;
      this.handler = handler;
    }

    @Override
    public void onMessage(Q message) {
      handler.onMessage(message);
    }

    @Override
    public void onHalfClose() {
      run(handler::onHalfClose);
    }

    @Override
    public void onReady() {
      gate.wake();
      run(handler::onReady);
    }

    @Override
    public void onCancel() {
      gate.end();
      run(handler::onCancel);
    }

    @Override
    public void onComplete() {
      gate.end();
      run(handler::onComplete);
    }

    private void run(Runnable callback) {
      synchronized (held) {
        held.add(callback);
        if (running) {
          return;
        }
        running = true;
      }
      Thread.startVirtualThread(Context.current().wrap(this::runHeld));
    }

    private void runHeld() {
      for (Runnable next = take(); next != null; next = take()) {
        try {
          next.run();
        } catch (RuntimeException | Error e) {
          fail(e);
        }
      }
    }

    private @Nullable Runnable take() {
      synchronized (held) {
        Runnable next = held.poll();
        running = next != null;
        return next;
      }
    }

    private void fail(Throwable cause) {
      if (gate.closed || gate.isOver()) {
        return;
      }
      LOG.atError()
          .setCause(cause)
          .addKeyValue("method", gate.getMethodDescriptor().getFullMethodName())
          .log("A handler failed");
      gate.close(
          Status.UNKNOWN.withDescription("the service failed while it answered"), new Metadata());
    }
  }
}
