package vesper.runtime;

import io.micrometer.core.instrument.MeterRegistry;
import io.nats.client.JetStreamApiException;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ThreadLocalRandom;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Publishes the outboxes of this process's schemas, over one database connection that also listens
/// for new events. A schema has one relay at a time, by a lease; one that does not reach NATS
/// leaves it to others.
final class Relay implements Worker {
  private static final Logger LOG = LoggerFactory.getLogger(Relay.class);
  private static final Duration LONGEST_SLEEP = Duration.ofMillis(250);
  private static final Duration WRITER_PAUSE = Duration.ofMillis(5);
  private static final Duration NATS_PAUSE = Duration.ofMillis(500);
  private static final Duration LAST = Duration.ofSeconds(2);
  private static final Duration UNREACHED = Duration.ofSeconds(5);
  private static final Duration REST = Duration.ofSeconds(2);
  private static final Duration TIDY = Duration.ofSeconds(5);
  private static final long SHORTEST_RETRY = 100;
  private static final long LONGEST_RETRY = 2_000;

  private final DatabasePool pool;
  private final EventSettings settings;
  private final Map<String, SchemaRelay> relays = new TreeMap<>();
  private final Set<String> failing = new HashSet<>();
  private final Occasional connectionNotes = new Occasional();
  private final Occasional streamNotes = new Occasional();
  private long unreachedSince;

  Relay(
      DatabasePool pool,
      Collection<String> domains,
      EventPublisher publisher,
      RuntimeSettings settings,
      MeterRegistry meters) {
    this.pool = pool;
    this.settings = settings.events();
    domains.forEach(
        domain -> relays.put(domain, new SchemaRelay(domain, publisher, settings.lease(), meters)));
  }

  @Override
  public String name() {
    return "outbox-relay";
  }

  /// Publishes until stopped, then what is left, as far as it goes at once.
  @Override
  public void run(Stopping stop) throws InterruptedException {
    long retry = SHORTEST_RETRY;
    while (!stop.requested()) {
      try (Connection connection = pool.connect()) {
        retry = SHORTEST_RETRY;
        connectionNotes.over();
        listen(connection);
        publishUntil(stop, connection);
        giveUp(connection, Duration.ZERO);
      } catch (SQLException e) {
        if (connectionNotes.due("state " + e.getSQLState())) {
          LOG.atWarn()
              .addKeyValue("state", e.getSQLState())
              .log("The outbox relay has no database connection");
        }
        if (stop.await(Duration.ofMillis(ThreadLocalRandom.current().nextLong(retry)))) {
          return;
        }
        retry = Math.min(2 * retry, LONGEST_RETRY);
      } finally {
        relays.values().forEach(SchemaRelay::disconnected);
      }
    }
  }

  private void publishUntil(Stopping stop, Connection connection) throws SQLException {
    Set<String> due = new HashSet<>(relays.keySet());
    long polled = System.nanoTime();
    long tidied = polled - TIDY.toNanos();
    long stoppingSince = 0;
    boolean stopping;
    boolean more;
    do {
      // Read before publishing: an event taken before the request is published after it.
      stopping = stop.requested();
      if (stopping && stoppingSince == 0) {
        stoppingSince = System.nanoTime();
        due.addAll(relays.keySet());
      }
      for (Map.Entry<String, SchemaRelay> relay : relays.entrySet()) {
        if (relay.getValue().claim(connection)) {
          due.add(relay.getKey());
        }
      }
      Duration pause = publish(connection, due);
      if (System.nanoTime() - tidied >= TIDY.toNanos()) {
        tidied = System.nanoTime();
        for (SchemaRelay relay : relays.values()) {
          relay.tidy(connection, settings.keep());
        }
      }
      // Events behind a transaction that is still open follow as soon as it ends.
      more = pause.equals(WRITER_PAUSE) && System.nanoTime() - stoppingSince < LAST.toNanos();
      if (!stopping || more) {
        due.addAll(awaken(connection, pause));
        if (System.nanoTime() - polled >= settings.poll().toNanos()) {
          polled = System.nanoTime();
          due.addAll(relays.keySet());
        }
      }
    } while (!stopping || more);
  }

  /// Publishes what is due, takes off what is done, and returns how long to wait for news.
  private Duration publish(Connection connection, Set<String> due) throws SQLException {
    Duration pause = LONGEST_SLEEP;
    for (String domain : List.copyOf(due)) {
      SchemaRelay relay = relays.get(domain);
      if (relay == null) {
        due.remove(domain);
        continue;
      }
      try {
        switch (relay.publish(connection)) {
          case DONE -> {
            due.remove(domain);
            reached(domain);
          }
          case NOT_OWNED -> {
            due.remove(domain);
            reached(domain);
          }
          case WAITING -> pause = shorter(pause, WRITER_PAUSE);
        }
      } catch (IOException | JetStreamApiException e) {
        if (streamNotes.due(e.getClass().getName())) {
          LOG.atWarn()
              .addKeyValue("domain", domain)
              .addKeyValue("cause", e.getClass().getSimpleName())
              .addKeyValue("detail", e.getMessage())
              .log("Events wait because their stream does not take them");
        }
        pause = NATS_PAUSE;
        failing.add(domain);
        if (e instanceof IOException) {
          unreached(connection);
        }
      }
    }
    return due.isEmpty() ? LONGEST_SLEEP : pause;
  }

  /// Notes that nothing of a schema waits for a stream here; one that had nothing to publish tells
  /// nothing about the others.
  private void reached(String domain) {
    if (failing.remove(domain) && failing.isEmpty()) {
      streamNotes.over();
      unreachedSince = 0;
    }
  }

  /// Lets other processes publish when this one has not reached NATS for a while.
  private void unreached(Connection connection) throws SQLException {
    long now = System.nanoTime();
    if (unreachedSince == 0) {
      unreachedSince = now;
    } else if (now - unreachedSince >= UNREACHED.toNanos()) {
      giveUp(connection, REST);
    }
  }

  private void giveUp(Connection connection, Duration rest) throws SQLException {
    for (SchemaRelay relay : relays.values()) {
      relay.giveUp(connection, rest);
    }
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }

  private static void listen(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("listen " + OutboxTable.CHANNEL);
    }
  }

  private static Set<String> awaken(Connection connection, Duration pause) throws SQLException {
    Set<String> domains = new HashSet<>();
    PGNotification[] news =
        connection.unwrap(PGConnection.class).getNotifications((int) pause.toMillis());
    if (news != null) {
      for (PGNotification one : news) {
        domains.add(one.getParameter());
      }
    }
    return domains;
  }
}
