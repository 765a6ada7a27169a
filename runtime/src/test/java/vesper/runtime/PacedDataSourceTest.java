package vesper.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import vesper.testing.PostgresExtension;
import vesper.testing.TestDatabase;

@ExtendWith(PostgresExtension.class)
class PacedDataSourceTest {
  private static final int CALLERS = 8;
  private static final int ENOUGH = 6;

  @Test
  void tryConnection_whileNobodyAnswers_isTriedAtMostTenTimesASecond() throws Exception {
    AtomicInteger handshakes = new AtomicInteger();
    long begin = System.nanoTime();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      Future<?> serving = threads.submit(() -> hangUp(server, handshakes));
      assertThat(serving).isNotNull();
      PacedDataSource source = new PacedDataSource();
      source.setUrl("jdbc:postgresql://127.0.0.1:" + server.getLocalPort() + "/none");
      for (int i = 0; i < CALLERS; i++) {
        Future<?> unused =
            threads.submit(() -> {
              while (handshakes.get() < CALLERS + ENOUGH) {
                assertThatThrownBy(source::tryConnection).isInstanceOf(SQLException.class);
              }
            });
        assertThat(unused).isNotNull();
      }
      Awaitility.await()
          .atMost(Duration.ofMinutes(1))
          .until(() -> handshakes.get() >= CALLERS + ENOUGH);
    }
    // The first attempts are at once, before anybody knows.
    long seconds = (System.nanoTime() - begin) / 1_000_000_000L;
    assertThat(handshakes.get() - CALLERS).isLessThanOrEqualTo((int) (10 * (seconds + 1)));
  }

  @Test
  void tryConnection_whenTheDatabaseIsBack_succeeds(TestDatabase database) throws Exception {
    PacedDataSource source = new PacedDataSource();
    source.setUrl("jdbc:postgresql://127.0.0.1:1/none");
    assertThatThrownBy(source::tryConnection).isInstanceOf(SQLException.class);
    assertThatThrownBy(source::tryConnection)
        .isInstanceOf(SQLException.class)
        .hasMessageContaining("not due");

    source.setUrl(database.jdbcUrl());
    source.setUser(database.user());
    source.setPassword(database.password());
    Awaitility.await().ignoreExceptions().until(() -> isValid(source));
    for (int i = 0; i < 5; i++) {
      assertThat(isValid(source)).isTrue();
    }
  }

  @Test
  void getConnection_whileTheDatabaseIsAway_waitsForIt(TestDatabase database) throws Exception {
    AtomicInteger handshakes = new AtomicInteger();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      Future<?> serving = threads.submit(() -> hangUp(server, handshakes));
      assertThat(serving).isNotNull();
      PacedDataSource source = new PacedDataSource();
      source.setUser(database.user());
      source.setPassword(database.password());
      source.setUrl("jdbc:postgresql://127.0.0.1:" + server.getLocalPort() + "/none");
      Future<Connection> opening = threads.submit(() -> source.getConnection());
      Awaitility.await().atMost(Duration.ofMinutes(1)).until(() -> handshakes.get() >= 3);

      source.setUrl(database.jdbcUrl());

      try (Connection connection = opening.get()) {
        assertThat(connection.isValid(1)).isTrue();
      }
    }
  }

  @Test
  void getConnection_interrupted_failsAndStaysInterrupted() throws Exception {
    PacedDataSource source = new PacedDataSource();
    source.setUrl("jdbc:postgresql://127.0.0.1:1/none");
    CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
    Thread opening =
        Thread.startVirtualThread(() -> {
          assertThatThrownBy(source::getConnection).isInstanceOf(SQLException.class);
          interrupted.complete(Thread.currentThread().isInterrupted());
        });
    opening.interrupt();
    opening.join();
    assertThat(interrupted).isCompletedWithValue(true);
  }

  private static boolean isValid(PacedDataSource source) throws SQLException {
    try (Connection connection = source.tryConnection()) {
      return connection.isValid(1);
    }
  }

  private static void hangUp(ServerSocket server, AtomicInteger handshakes) {
    while (!server.isClosed()) {
      try {
        server.accept().close();
        handshakes.incrementAndGet();
      } catch (IOException closed) {
        return;
      }
    }
  }
}
