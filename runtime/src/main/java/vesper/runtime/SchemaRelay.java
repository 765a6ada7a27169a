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
  private static final String LEASE = "outbox-relay";
  private static final int BATCH = 200;
  private static final int CLEANED_AT_ONCE = 5_000;
  private static final int COUNTED = 10_000;

  private final String domain;
  private final EventPublisher publisher;
  private final MeterRegistry meters;
  private final AtomicLong pending = new AtomicLong();
  private final AtomicLong oldestSeconds = new AtomicLong();
  private final LeaseClaim claim;
  private long mark;
  private long markedUnder;
  private final Set<String> waitedFor = new HashSet<>();

  SchemaRelay(String domain, EventPublisher publisher, LeaseSettings lease, MeterRegistry meters) {
    this.domain = domain;
    this.claim = new LeaseClaim(domain, LEASE, lease, meters);
    this.publisher = publisher;
    this.meters = meters;
    gauge("vesper.outbox.pending", pending, "Events that wait to be published, up to 10,000");
    gauge("vesper.outbox.oldest.age", oldestSeconds, "Age of the oldest of them in seconds");
  }

  /// What came of one attempt to publish.
  enum Outcome {
    /// Nothing waits.
    DONE,
    /// Something waits, for transactions that are not over or for the next attempt.
    WAITING,
    /// Another process has the relay of this schema.
    NOT_OWNED
  }

  /// Forgets whom it waits for, since news of them may have been missed.
  void disconnected() {
    waitedFor.clear();
  }

  /// Takes or keeps the lease when it is time to, and returns whether it was taken just now.
  boolean claim(Connection connection) throws SQLException {
    long before = claim.fence();
    return claim.keep(Ask.over(connection)) && claim.fence() != before;
  }

  /// Lets another process publish at once, and for a while does not ask to do it again.
  void giveUp(Connection connection, Duration rest) throws SQLException {
    claim.giveUp(Ask.over(connection));
    claim.rest(rest);
  }

  /// Publishes what may be published.
  ///
  /// @throws IOException while NATS is away
  /// @throws JetStreamApiException when the stream refuses an event
  Outcome publish(Connection connection) throws SQLException, IOException, JetStreamApiException {
    if (!claim.keep(Ask.over(connection))) {
      return Outcome.NOT_OWNED;
    }
    if (claim.fence() != markedUnder) {
      markedUnder = claim.fence();
      waitedFor.clear();
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
    return claim.fence() == markedUnder ? Outcome.DONE : Outcome.WAITING;
  }

  /// Measures what waits, and removes what was published long ago.
  void tidy(Connection connection, Duration keep) throws SQLException {
    if (!claim.keep(Ask.over(connection))) {
      pending.set(0);
      oldestSeconds.set(0);
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
        gone as (
          delete from %1$s.outbox
          where exists (select 1 from held) and seq in (
            select seq from %1$s.outbox
            where published_at < now() - ? * interval '1 s' order by published_at limit %2$d)
          returning seq)
        select count(*) from gone
        """
            .formatted(domain, CLEANED_AT_ONCE);
    long cleaned = claim.guarded(Ask.over(connection), claim.fence(), clean, keep.toSeconds());
    assert cleaned <= CLEANED_AT_ONCE;
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
        // Asks the database only when it is time to renew.
        if (!claim.keep(Ask.over(connection)) || claim.fence() != markedUnder) {
          break;
        }
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

  // What a relay published and cannot mark any more, the next one publishes again under its id.
  private void markPublished(Connection connection, List<Long> published) throws SQLException {
    String sql =
        """
        marked as (
          update %s.outbox set published_at = now()
          where seq = any (?) and exists (select 1 from held)
          returning seq)
        select count(*) from marked
        """
            .formatted(domain);
    Array numbers = connection.createArrayOf("bigint", published.toArray());
    try {
      long marked = claim.guarded(Ask.over(connection), markedUnder, sql, numbers);
      assert marked <= published.size();
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
