package vesper.runtime;

import java.time.Duration;

/// How a process uses its database.
///
/// @param poolSize connections of the process
/// @param connectTimeout longest time to open a connection
/// @param maxWait longest time that work waits for a connection of the pool
/// @param statementTimeout longest time of one statement
record DatabaseSettings(
    @Setting("20") int poolSize,
    @Setting("2s") Duration connectTimeout,
    @Setting("1s") Duration maxWait,
    @Setting("5s") Duration statementTimeout) {
  DatabaseSettings {
    if (poolSize < 1 || poolSize > 500) {
      throw new IllegalArgumentException("pool-size must be 1 to 500");
    }
    // HikariCP accepts no shorter wait than 250 ms.
    if (maxWait.toMillis() < 250 || connectTimeout.toMillis() < 250) {
      throw new IllegalArgumentException("max-wait and connect-timeout must be at least 250ms");
    }
    if (statementTimeout.toMillis() < 1) {
      throw new IllegalArgumentException("statement-timeout must be positive");
    }
  }
}
