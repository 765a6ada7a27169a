package vesper.bench.fuzz;

import java.util.Optional;
import java.util.random.RandomGenerator;

/// One kind of request. Attacks keep connections, so a thread has its own.
interface Attack extends AutoCloseable {
  /// What became of one request.
  ///
  /// @param answer how it ended, as it is counted: a status, `closed`, `none`
  /// @param wrong what must not be, with what was sent
  record Outcome(String answer, Optional<String> wrong) {
    static Outcome fine(String answer) {
      return new Outcome(answer, Optional.empty());
    }
  }

  /// Sends one request, which depends on the random numbers alone.
  Outcome send(RandomGenerator random) throws Exception;

  @Override
  void close();
}
