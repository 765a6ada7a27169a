package vesper.transport;

import io.nats.client.Connection;
import io.nats.client.ErrorListener;
import io.nats.client.Options;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;

/// Connection settings that the transport was measured with.
///
/// Take a new builder for every connection: options keep their executors. Both kinds reconnect for
/// ever, with full jitter between 100 ms and 2 s, and notice a dead server within 30 s.
public final class NatsConnections {
  private static final Duration PING_INTERVAL = Duration.ofSeconds(10);
  private static final long MIN_DELAY_MILLIS = 100;
  private static final long MAX_DELAY_MILLIS = 2_000;
  private static final long EVENT_BUFFER_BYTES = 8L * 1024 * 1024;

  private NatsConnections() {}

  /// Returns options for calls: nothing is buffered while disconnected, so that a call fails at
  /// once instead of late.
  ///
  /// @param name the connection's name on the server
  /// @param servers at least one server
  public static Options.Builder rpc(String name, URI... servers) {
    return common(name, servers).reconnectBufferSize(0).dontForceFlushOnRequest();
  }

  /// Returns options for events: publications wait in a buffer of 8 MiB while disconnected.
  ///
  /// @param name the connection's name on the server
  /// @param servers at least one server
  public static Options.Builder events(String name, URI... servers) {
    return common(name, servers).reconnectBufferSize(EVENT_BUFFER_BYTES);
  }

  private static Options.Builder common(String name, URI... servers) {
    if (servers.length == 0) {
      throw new IllegalArgumentException("a connection needs at least one server");
    }
    ConnectionEvents events = new ConnectionEvents(name);
    ExecutorService threads =
        Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("nats-" + name + "-", 0).factory());
    return new Options.Builder()
        .servers(Arrays.stream(servers).map(URI::toString).toArray(String[]::new))
        .connectionName(name)
        .maxReconnects(-1)
        .reconnectDelayHandler(NatsConnections::reconnectDelay)
        .pingInterval(PING_INTERVAL)
        .subjectValidationType(Options.SubjectValidationType.None)
        .executor(threads)
        .readerExecutor(new ReaderThreads(events::onReaderDeath))
        .errorListener(events)
        .connectionListener(events);
  }

  /// Returns how long to wait after a round of failed attempts: anything up to a bound that
  /// doubles.
  static Duration reconnectDelay(long rounds) {
    long bound = MIN_DELAY_MILLIS << Math.min(Math.max(rounds, 1), 5);
    return Duration.ofMillis(
        ThreadLocalRandom.current()
            .nextLong(MIN_DELAY_MILLIS, Math.min(bound, MAX_DELAY_MILLIS) + 1));
  }

  /// Returns how often a consumer of this connection fell behind its pending limits, or 0 for a
  /// connection made without these options.
  public static long slowConsumers(Connection connection) {
    ErrorListener listener = connection.getOptions().getErrorListener();
    return listener instanceof ConnectionEvents events ? events.slowConsumers() : 0;
  }
}
