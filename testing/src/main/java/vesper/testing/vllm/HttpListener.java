package vesper.testing.vllm;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// Accepts connections on the loopback address and runs each on a virtual thread, with a second one
/// for the answer. When a client leaves, the thread of its answer is interrupted. A client that
/// closes only its sending side counts as gone.
final class HttpListener {
  private static final byte[] LOOPBACK = {127, 0, 0, 1};
  private static final int BACKLOG = 1_024;
  private static final int MOST_CONNECTIONS = 2_048;
  private static final Duration ENDS_WITHIN = Duration.ofSeconds(10);

  private final Handler handler;
  private final ServerSocket socket;
  private final Map<HttpConnection, Thread> connections = new ConcurrentHashMap<>();
  private final Thread accepting;
  private volatile boolean closed;

  /// Answers requests.
  interface Handler {
    /// Answers one request. Interrupted when the client has left.
    void answer(HttpRequest request, HttpConnection connection)
        throws IOException, InterruptedException;

    /// Answers what is not a request.
    void refuse(Refused refusal, HttpConnection connection) throws IOException;
  }

  /// Listens on a port, or on a free one for 0.
  HttpListener(int port, Handler handler) {
    this.handler = handler;
    try {
      socket = new ServerSocket();
      socket.bind(new InetSocketAddress(InetAddress.getByAddress(LOOPBACK), port), BACKLOG);
    } catch (IOException e) {
      throw new UncheckedIOException("The port " + port + " cannot be used", e);
    }
    accepting = Thread.ofVirtual().name("fake-vllm-accept").start(this::accept);
  }

  int port() {
    return socket.getLocalPort();
  }

  int open() {
    return connections.size();
  }

  boolean isClosed() {
    return closed;
  }

  /// Resets every connection; new ones are accepted.
  void cutAll() {
    connections.keySet().forEach(HttpConnection::cut);
  }

  void close() {
    closed = true;
    try {
      socket.close();
      accepting.join(ENDS_WITHIN);
      for (Map.Entry<HttpConnection, Thread> connection : connections.entrySet()) {
        connection.getKey().close();
        connection.getValue().join(ENDS_WITHIN);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void accept() {
    while (!closed) {
      try {
        Socket accepted = socket.accept();
        HttpConnection connection = new HttpConnection(accepted);
        if (connections.size() >= MOST_CONNECTIONS) {
          connection.cut();
          continue;
        }
        Thread thread =
            Thread.ofVirtual().name("fake-vllm-read").unstarted(() -> serve(connection));
        connections.put(connection, thread);
        thread.start();
      } catch (IOException gone) {
        // The client left at once, or the listener is closed and the loop ends.
      }
    }
  }

  private void serve(HttpConnection connection) {
    try {
      boolean more;
      do {
        more = serveOne(connection);
      } while (more);
    } catch (Refused refusal) {
      refuse(refusal, connection);
    } catch (IOException gone) {
      // The client left.
      connection.close();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    } finally {
      connection.close();
      connections.remove(connection);
    }
  }

  /// Serves a request; false when there is no next one.
  private boolean serveOne(HttpConnection connection)
      throws IOException, Refused, InterruptedException {
    HttpRequest request = connection.read();
    if (request == null) {
      return false;
    }
    AtomicReference<@Nullable RuntimeException> failure = new AtomicReference<>();
    Thread answer =
        Thread.ofVirtual()
            .name("fake-vllm-answer")
            .start(() -> {
              try {
                handler.answer(request, connection);
                if ("close".equalsIgnoreCase(request.headers().get("connection"))) {
                  connection.close();
                }
              } catch (IOException | InterruptedException gone) {
                connection.close();
              } catch (RuntimeException broken) {
                failure.set(broken);
                connection.cut();
              }
            });
    boolean more = connection.awaitMore();
    if (!more) {
      answer.interrupt();
    }
    answer.join();
    RuntimeException broken = failure.get();
    if (broken != null) {
      throw broken;
    }
    return more;
  }

  private void refuse(Refused refusal, HttpConnection connection) {
    try {
      handler.refuse(refusal, connection);
      connection.drain();
    } catch (IOException gone) {
      // The client did not wait for its answer.
      connection.close();
    }
  }
}
