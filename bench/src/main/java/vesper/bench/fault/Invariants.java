package vesper.bench.fault;

import com.google.protobuf.InvalidProtocolBufferException;
import io.nats.client.FetchConsumer;
import io.nats.client.JetStreamApiException;
import io.nats.client.Message;
import io.nats.client.Nats;
import io.nats.client.Options;
import io.nats.client.OrderedConsumerContext;
import io.nats.client.StreamContext;
import io.nats.client.api.OrderedConsumerConfiguration;
import io.nats.client.impl.Headers;
import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import vesper.npc.v1.ConversationEnded;

/// Compares what the clients were told with what the database and the streams hold.
final class Invariants {
  private static final Duration SETTLE = Duration.ofSeconds(30);
  private static final Duration POLL = Duration.ofMillis(250);
  private static final int BATCH = 1_000;
  private static final long HOUR = 3_600;

  private final Cluster cluster;
  private final List<String> lost = new ArrayList<>();
  private final List<String> doubled = new ArrayList<>();

  /// What was found.
  ///
  /// @param lost what was acknowledged and is not there, a line each
  /// @param doubled what is there more than once
  record Findings(List<String> lost, List<String> doubled) {}

  private Invariants(Cluster cluster) {
    this.cluster = cluster;
  }

  /// Waits until nothing is under way any more, and compares.
  static Findings check(Cluster cluster, Journal journal) throws Exception {
    Invariants invariants = new Invariants(cluster);
    try (Connection database = invariants.connect()) {
      invariants.turns(database, journal);
      invariants.edits(database, journal);
      invariants.boundaries(database);
      invariants.events(database);
      invariants.effects(database);
    }
    if (journal.clockRanBackwardsTimes() > 0) {
      invariants.doubled.add(
          "a clock ran backwards %d times".formatted(journal.clockRanBackwardsTimes()));
    }
    return new Findings(List.copyOf(invariants.lost), List.copyOf(invariants.doubled));
  }

  private Connection connect() throws SQLException {
    return DriverManager.getConnection(
        cluster.postgres().jdbcUrl(), cluster.postgres().user(), cluster.postgres().password());
  }

  /// Every acknowledged turn is there, each key at most once, and talks count their turns.
  private void turns(Connection database, Journal journal) throws SQLException {
    Map<String, Integer> found = new HashMap<>();
    each(
        database,
        "select player_id, idempotency_key, count(*) from npc.turn"
            + " where idempotency_key is not null group by 1, 2",
        row -> found.put(row.getString(1) + "/" + row.getString(2), row.getInt(3)));
    for (Journal.Turn turn : journal.turns()) {
      int times = found.getOrDefault(turn.player() + "/" + turn.key(), 0);
      if (turn.acknowledged() && times == 0) {
        lost.add("turn " + turn.key());
      }
      if (times > 1) {
        doubled.add("turn " + turn.key());
      }
    }
    each(
        database,
        """
        select c.conversation_id from npc.conversation c left join npc.turn t using (conversation_id)
        group by c.conversation_id, c.turns having c.turns <> count(t.turn)\
        """,
        row -> doubled.add("turns of the talk " + row.getString(1) + " do not add up"));
  }

  /// An entity was changed at least as often as was acknowledged, and at most as often as was
  /// asked.
  private void edits(Connection database, Journal journal) throws SQLException {
    Map<String, Long> versions = new HashMap<>();
    each(
        database,
        "select id, version from world.entity where id like 'item:fault-%'",
        row -> versions.put(row.getString(1), row.getLong(2)));
    journal
        .edits()
        .forEach((entity, edits) -> {
          long applied = versions.getOrDefault(entity, 1L) - 1;
          if (applied < edits.leastApplied()) {
            lost.add("%d changes of %s".formatted(edits.leastApplied() - applied, entity));
          }
          if (applied > edits.mostApplied()) {
            doubled.add("%d changes of %s".formatted(applied - edits.mostApplied(), entity));
          }
        });
  }

  /// Each hour of the clock was announced once, none left out.
  private void boundaries(Connection database) throws SQLException {
    each(
        database,
        """
        select max(game_s) / %1$d - min(game_s) / %1$d + 1 - count(*)
        from time.boundary where kind = 'HOUR'\
        """
            .formatted(HOUR),
        row -> {
          if (row.getLong(1) != 0) {
            lost.add(row.getLong(1) + " hours of the clock");
          }
        });
    each(
        database,
        """
        select subject from time.outbox where subject like 'evt.time.hour_changed.%'
        group by subject, payload having count(*) > 1\
        """,
        row -> doubled.add("event " + row.getString(1)));
  }

  /// Everything in the outboxes came to the streams once, and nothing was put aside as a dead
  /// letter.
  private void events(Connection database)
      throws SQLException, IOException, JetStreamApiException, InterruptedException {
    List<String> schemas = new ArrayList<>();
    each(
        database,
        "select table_schema from information_schema.tables where table_name = 'outbox'",
        row -> schemas.add(row.getString(1)));
    awaitPublished(database, schemas);
    Map<String, String> sent = new HashMap<>();
    for (String schema : schemas) {
      // The clock goes on while this looks: what is younger and not yet sent does not count.
      each(
          database,
          """
          select event_id from %s.outbox
          where published_at is not null or created_at < now() - interval '1 second'\
          """
              .formatted(schema),
          row -> sent.put(row.getString(1), schema));
    }
    Map<String, Integer> kept = kept();
    sent.forEach((event, schema) -> {
      int times = kept.getOrDefault(event, 0);
      if (times == 0) {
        lost.add("event %s of %s".formatted(event, schema));
      }
      if (times > 1) {
        doubled.add("event %s of %s".formatted(event, schema));
      }
    });
  }

  /// Each talk that ended was counted once by world-state, which hears of it by an event.
  private void effects(Connection database)
      throws SQLException, InterruptedException, InvalidProtocolBufferException {
    Map<String, Long> ended = new TreeMap<>();
    List<byte[]> events = new ArrayList<>();
    each(
        database,
        "select payload from npc.outbox where subject like 'evt.npc.conversation_ended.%'",
        row -> events.add(row.getBytes(1)));
    for (byte[] event : events) {
      ConversationEnded talk = ConversationEnded.parseFrom(event);
      if (talk.getTurns() > 0) {
        ended.merge(talk.getNpcId(), 1L, Long::sum);
      }
    }
    Map<String, Long> counted = counted(database);
    long end = System.nanoTime() + SETTLE.toNanos();
    while (!counted.equals(ended) && System.nanoTime() < end) {
      Thread.sleep(POLL);
      counted = counted(database);
    }
    for (Map.Entry<String, Long> one : ended.entrySet()) {
      long difference = one.getValue() - counted.getOrDefault(one.getKey(), 0L);
      String what = "%d ends of talks with %s".formatted(Math.abs(difference), one.getKey());
      if (difference > 0) {
        lost.add(what);
      } else if (difference < 0) {
        doubled.add(what);
      }
    }
  }

  private static Map<String, Long> counted(Connection database) throws SQLException {
    Map<String, Long> counted = new TreeMap<>();
    each(
        database,
        "select substr(id, 7), number from world.flag where id like 'talks.%' and number > 0",
        row -> counted.put(row.getString(1), row.getLong(2)));
    return counted;
  }

  private static void awaitPublished(Connection database, List<String> schemas)
      throws SQLException, InterruptedException {
    long end = System.nanoTime() + SETTLE.toNanos();
    Set<String> waiting = new HashSet<>(schemas);
    while (!waiting.isEmpty() && System.nanoTime() < end) {
      for (String schema : schemas) {
        // The clock goes on: what is younger than a moment does not count.
        each(
            database,
            """
            select count(*) from %s.outbox
            where published_at is null and created_at < now() - interval '1 second'\
            """
                .formatted(schema),
            row -> {
              if (row.getLong(1) == 0) {
                waiting.remove(schema);
              }
            });
      }
      Thread.sleep(POLL);
    }
  }

  // A NATS connection may be interrupted while it closes.
  @SuppressWarnings("try")
  private Map<String, Integer> kept()
      throws IOException, JetStreamApiException, InterruptedException {
    Map<String, Integer> kept = new HashMap<>();
    try (io.nats.client.Connection nats =
        Nats.connect(new Options.Builder().server(cluster.nats().url().toString()).build())) {
      for (String name : nats.jetStreamManagement().getStreamNames()) {
        StreamContext stream = nats.getStreamContext(name);
        if (name.startsWith("EVT_")) {
          read(stream, kept);
        } else if (name.equals("DLQ")
            && stream.getStreamInfo().getStreamState().getMsgCount() > 0) {
          lost.add("events that became dead letters");
        }
      }
    }
    return kept;
  }

  // A batch may be interrupted while it closes.
  @SuppressWarnings("try")
  private static void read(StreamContext stream, Map<String, Integer> kept)
      throws IOException, JetStreamApiException, InterruptedException {
    long left = stream.getStreamInfo().getStreamState().getMsgCount();
    OrderedConsumerContext consumer =
        stream.createOrderedConsumer(new OrderedConsumerConfiguration().headersOnly(true));
    while (left > 0) {
      try (FetchConsumer batch = consumer.fetchMessages((int) Math.min(BATCH, left))) {
        Message message;
        while ((message = batch.nextMessage()) != null) {
          left--;
          Headers headers = message.getHeaders();
          if (headers != null && headers.getLast("vesper-replay-for") == null) {
            kept.merge(String.valueOf(headers.getLast("ce-id")), 1, Integer::sum);
          }
        }
      } catch (IOException | JetStreamApiException e) {
        throw e;
      } catch (Exception e) {
        throw new IOException("a stream could not be read", e);
      }
    }
  }

  private interface Row {
    void take(ResultSet row) throws SQLException;
  }

  private static void each(Connection database, String sql, Row taker) throws SQLException {
    try (PreparedStatement statement = database.prepareStatement(sql);
        ResultSet rows = statement.executeQuery()) {
      while (rows.next()) {
        taker.take(rows);
      }
    }
  }
}
