package vesper.infrastructure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PostgresBinariesTest {
  @TempDir Path cache;

  @Test
  void unpack_twiceAtOnce_leavesOneWholeFolder() throws Exception {
    Callable<PostgresBinaries> unpack = () -> PostgresBinaries.unpack(cache, _ -> {});
    try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
      for (Future<PostgresBinaries> done : threads.invokeAll(List.of(unpack, unpack))) {
        Path postgres = done.get().program("postgres");
        Command.Outcome outcome =
            Command.run(cache, Duration.ofMinutes(1), List.of(postgres.toString(), "--version"));
        assertThat(outcome.output())
            .isEqualTo("postgres (PostgreSQL) " + PostgresBinaries.version().replace(".0", ""));
      }
    }
    try (var left = Files.list(cache)) {
      assertThat(left).hasSize(1);
    }
  }

  @Test
  void unpack_folderNotWritable_saysWhere() throws Exception {
    Path file = Files.createFile(cache.resolve("file"));
    assertThatThrownBy(() -> PostgresBinaries.unpack(file.resolve("cache"), _ -> {}))
        .isInstanceOf(InfrastructureException.class)
        .hasMessageContaining(file.resolve("cache").toString());
  }
}
