package vesper.runtime;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.nats.client.JetStreamApiException;
import io.nats.client.Message;
import io.nats.client.impl.Headers;
import io.nats.client.impl.NatsMessage;
import java.io.IOException;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/// Publishes the outbox of one schema in the order of its numbers.
///
/// A number is published only when no lower one can appear any more: after reading the highest
/// number drawn, the relay waits until the transactions that held the writers' lock at that moment
/// have ended ([OutboxTable]). Events go out one at a time, since a stream must not keep a later
/// event when an earlier one was refused.
final class SchemaRelay {
  private static final int BATCH = 200;
  private static final int CLEANED_AT_ONCE = 5_000;
  private static final int COUNTED = 10_000;

  private final String domain;
  private final EventPublisher publisher;
  private final MeterRegistry meters;
  private final AtomicLong pending = new AtomicLong();
  private final AtomicLong oldestSeconds = new AtomicLong();
  private boolean owned;
  private long mark;
  private final Set<String> waitedFor = new HashSet<>();

  SchemaRelay(String domain, EventPublisher publisher, MeterRegistry meters) {
    this.domain = domain;
    this.publisher = publisher;
    this.meters = meters;
    gauge("vesper.outbox.pending", pending, "Events that wait to be published, up to 10,000");
    gauge("vesper.outbox.oldest.age", oldestSeconds, "Age of the oldest of them in seconds");
  }

  /// What came of one attempt to publish.
  enum Outcome {
    /// Nothing waits.
    DONE,
    /// Something waits for transactions that are not over.
    WAITING,
    /// Another process has the relay of this schema.
    NOT_OWNED
  }

  /// Forgets what a lost connection held.
  void disconnected() {
    owned = false;
    waitedFor.clear();
  }

  /// Publishes what may be published.
  ///
  /// @throws IOException while NATS is away
  /// @throws JetStreamApiException when the stream refuses an event
  Outcome publish(Connection connection) throws SQLException, IOException, JetStreamApiException {
    if (!own(connection)) {
      return Outcome.NOT_OWNED;
    }
    int published;
    boolean marked;
    do {
      // Events that were taken after an earlier mark have their turn in the next round.
      marked = waitedFor.isEmpty();
      if (marked) {
        mark = highest(connection);
        waitedFor.addAll(writers(connection));
      } else {
        waitedFor.retainAll(writers(connection));
      }
      if (!waitedFor.isEmpty()) {
        return Outcome.WAITING;
      }
      published = publishBatch(connection);
    } while (published == BATCH || !marked);
    return Outcome.DONE;
  }

  /// Measures what waits, and removes what was published long ago.
  void tidy(Connection connection, Duration keep) throws SQLException {
    if (!own(connection)) {
      return;
    }
    String count =
        """
        select count(*), coalesce(extract(epoch from now() - min(created_at)), 0)::bigint
        from (select created_at from %s.outbox where published_at is null order by seq limit %d) as waiting
        """
            .formatted(domain, COUNTED);
    try (PreparedStatement statement = connection.prepareStatement(count);
        ResultSet row = statement.executeQuery()) {
      row.next();
      pending.set(row.getLong(1));
      oldestSeconds.set(row.getLong(2));
    }
    String clean =
        """
        delete from %1$s.outbox where seq in (
          select seq from %1$s.outbox
          where published_at < now() - make_interval(secs => ?) order by published_at limit %2$d)
        """
            .formatted(domain, CLEANED_AT_ONCE);
    try (PreparedStatement statement = connection.prepareStatement(clean)) {
      statement.setDouble(1, (double) keep.toSeconds());
      statement.executeUpdate();
    }
  }

  private boolean own(Connection connection) throws SQLException {
    if (!owned) {
      try (PreparedStatement statement =
          connection.prepareStatement("select pg_try_advisory_lock(?, ?)")) {
        statement.setInt(1, OutboxTable.RELAY);
        statement.setInt(2, domain.hashCode());
        try (ResultSet row = statement.executeQuery()) {
          row.next();
          owned = row.getBoolean(1);
        }
      }
    }
    return owned;
  }

  private long highest(Connection connection) throws SQLException {
    String sql = "select last_value from %s.outbox_seq_seq".formatted(domain);
    try (PreparedStatement statement = connection.prepareStatement(sql);
        ResultSet row = statement.executeQuery()) {
      row.next();
      return row.getLong(1);
    }
  }

  private Set<String> writers(Connection connection) throws SQLException {
    String sql =
        """
        select virtualtransaction from pg_locks
        where locktype = 'advisory' and objsubid = 2 and granted
          and database = (select oid from pg_database where datname = current_database())
          and classid::bigint = ? and objid::bigint = ?
        """;
    Set<String> writers = new HashSet<>();
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setLong(1, OutboxTable.WRITERS);
      statement.setLong(2, Integer.toUnsignedLong(domain.hashCode()));
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          writers.add(rows.getString(1));
        }
      }
    }
    return writers;
  }

  private int publishBatch(Connection connection)
      throws SQLException, IOException, JetStreamApiException {
    List<Long> published = new ArrayList<>();
    try {
      for (Row row : batch(connection)) {
        publisher.publish(row.event());
        published.add(row.seq());
        meters.counter("vesper.events.published", "type", row.type()).increment();
      }
    } finally {
      if (!published.isEmpty()) {
        markPublished(connection, published);
      }
    }
    return published.size();
  }

  private List<Row> batch(Connection connection) throws SQLException {
    String sql =
        """
        select seq, event_id, subject, headers, payload from %s.outbox
        where published_at is null and seq <= ? order by seq limit %d
        """
            .formatted(domain, BATCH);
    List<Row> rows = new ArrayList<>();
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setLong(1, mark);
      try (ResultSet found = statement.executeQuery()) {
        while (found.next()) {
          rows.add(Row.of(found));
        }
      }
    }
    return rows;
  }

  private void markPublished(Connection connection, List<Long> published) throws SQLException {
    String sql = "update %s.outbox set published_at = now() where seq = any (?)".formatted(domain);
    Array numbers = connection.createArrayOf("bigint", published.toArray());
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setArray(1, numbers);
      statement.executeUpdate();
    } finally {
      numbers.free();
    }
  }

  private void gauge(String name, AtomicLong value, String description) {
    Gauge.builder(name, value, AtomicLong::get)
        .tags(Tags.of("domain", domain))
        .description(description)
        .register(meters);
  }

  private record Row(long seq, String type, Message event) {
    static Row of(ResultSet row) throws SQLException {
      String[] flat = (String[]) row.getArray("headers").getArray();
      Headers headers = new Headers();
      String type = "";
      headers.put("Nats-Msg-Id", row.getString("event_id"));
      for (int i = 0; i < flat.length; i += 2) {
        headers.put(flat[i], flat[i + 1]);
        if (flat[i].equals("ce-type")) {
          type = flat[i + 1];
        }
      }
      return new Row(
          row.getLong("seq"),
          type,
          NatsMessage.builder()
              .subject(row.getString("subject"))
              .headers(headers)
              .data(row.getBytes("payload"))
              .build());
    }
  }
}
