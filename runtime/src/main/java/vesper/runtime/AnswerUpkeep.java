package vesper.runtime;

import java.time.Duration;
import java.util.List;

/// Forgets kept answers that are too old, a bounded number at a time. Every replica does; what one
/// deletes, the others pass over.
final class AnswerUpkeep implements Worker {
  private static final Duration BETWEEN = Duration.ofMinutes(5);
  private static final int BATCH = 1_000;

  private final DatabasePool pool;
  private final List<String> domains;
  private final Duration keep;

  AnswerUpkeep(DatabasePool pool, List<String> domains, Duration keep) {
    this.pool = pool;
    this.domains = List.copyOf(domains);
    this.keep = keep;
  }

  @Override
  public String name() {
    return "answer-upkeep";
  }

  @Override
  public void run(Stopping stop) throws InterruptedException {
    do {
      domains.forEach(domain -> forget(domain, stop));
    } while (!stop.await(BETWEEN));
  }

  private void forget(String domain, Stopping stop) {
    Answers answers = pool.answers(domain);
    Database database = pool.database(domain);
    int forgotten = BATCH;
    while (forgotten == BATCH && !stop.requested()) {
      forgotten = database.write("answer.forget", handle -> answers.forget(handle, keep, BATCH));
    }
  }
}
