package vesper.ai;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import vesper.ai.DecisionTable.Row;
import vesper.ai.v1.Decision;
import vesper.guard.Masking;
import vesper.runtime.Database;
import vesper.runtime.Stopping;
import vesper.runtime.Worker;

/// Writes records in groups, a few times a second. They wait in bounded memory; what does not fit
/// is lost and counted, and so is what the database refuses.
final class DecisionLog implements Worker {
  private static final Logger LOG = LoggerFactory.getLogger(DecisionLog.class);
  private static final Duration RETRY = Duration.ofMillis(500);

  private final Database database;
  private final AiConfig.Decisions config;
  private final String replica;
  private final ArrayBlockingQueue<Row> queue;
  private final ConcurrentHashMap<String, Row> waiting = new ConcurrentHashMap<>();
  private final AtomicLong seq = new AtomicLong();
  private final AtomicInteger running = new AtomicInteger();
  private final Counter lost;

  /// @param replica names this process among all that ever ran
  DecisionLog(Database database, AiConfig.Decisions config, String replica, MeterRegistry meters) {
    this.database = database;
    this.config = config;
    this.replica = replica;
    queue = new ArrayBlockingQueue<>(config.queue());
    lost =
        Counter.builder("vesper.decision.lost")
            .description("Records that were not written")
            .register(meters);
  }

  @Override
  public String name() {
    return "decisions";
  }

  /// Notes that an answer begins, so that its record is waited for when the process stops.
  void enter() {
    running.incrementAndGet();
  }

  /// Notes that an answer is over.
  void leave() {
    running.decrementAndGet();
  }

  /// Takes a record.
  void add(Decision decision) {
    Row row = new Row(replica, seq.incrementAndGet(), decision);
    waiting.put(decision.getDecisionId(), row);
    if (!queue.offer(row)) {
      waiting.remove(decision.getDecisionId(), row);
      lost.increment();
    }
  }

  /// Returns a record, also one that is not written yet.
  Optional<Decision> find(String id) {
    Row unwritten = waiting.get(id);
    return unwritten != null
        ? Optional.of(masked(unwritten.decision()))
        : database.read("decision.find", handle -> DecisionTable.find(handle, UUID.fromString(id)));
  }

  @Override
  public void run(Stopping stop) throws InterruptedException {
    List<Row> batch = new ArrayList<>();
    while (!stop.requested() || running.get() > 0 || !queue.isEmpty()) {
      gather(batch);
      if (!batch.isEmpty()) {
        write(batch, stop);
        batch.forEach(row -> waiting.remove(row.decision().getDecisionId(), row));
        batch.clear();
      }
    }
  }

  /// Waits for a first record, and then at most the flush time for others.
  private void gather(List<Row> batch) throws InterruptedException {
    long end = System.nanoTime() + config.flush().toNanos();
    while (batch.size() < config.batch()) {
      Row next = queue.poll(end - System.nanoTime(), TimeUnit.NANOSECONDS);
      if (next == null) {
        return;
      }
      batch.add(next);
    }
  }

  private void write(List<Row> batch, Stopping stop) throws InterruptedException {
    List<Row> masked =
        batch.stream()
            .map(row -> new Row(row.replica(), row.seq(), masked(row.decision())))
            .toList();
    while (true) {
      try {
        database.run("decision.add", handle -> DecisionTable.insert(handle, masked));
        return;
      } catch (io.grpc.StatusRuntimeException away) {
        // The database is away: records wait, and new ones pile up behind them to the bound.
        if (stop.await(RETRY)) {
          lost.increment(masked.size());
          LOG.atWarn().addKeyValue("records", masked.size()).log("Records are lost");
          return;
        }
      } catch (RuntimeException e) {
        LOG.atError().setCause(e).log("Records could not be written together");
        writeEach(masked);
        return;
      }
    }
  }

  /// Saves what can be saved of a group of which one record is refused.
  private void writeEach(List<Row> rows) {
    for (Row row : rows) {
      try {
        database.run("decision.add", handle -> DecisionTable.insert(handle, List.of(row)));
      } catch (RuntimeException e) {
        lost.increment();
        LOG.atError()
            .setCause(e)
            .addKeyValue("decision", row.decision().getDecisionId())
            .log("A record could not be written");
      }
    }
  }

  /// Returns the record as it is kept and shown: without personal data.
  private static Decision masked(Decision decision) {
    Decision.Builder masked = decision.toBuilder();
    masked.setOutput(mask(decision.getOutput()));
    for (var section : masked.getSectionsBuilderList()) {
      section.setText(mask(section.getText()));
    }
    return masked.build();
  }

  private static String mask(String text) {
    return Masking.mask(text).text();
  }
}
