package vesper.infrastructure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// How servers that misbehave are started and stopped.
class RunningServerTest {
  private static final String ANSWERS = "touch answers; exec sleep 600";

  @TempDir Path folder;

  @Test
  void launch_portTakenMeanwhile_triesAnother() {
    Script script =
        script("test -e first || { touch first; echo port taken; exit 1; }; " + ANSWERS);
    int wished = Ports.free();
    RunningServer server = launch(script, wished);
    assertThat(script.ports).hasSize(2).startsWith(wished).endsWith(server.port());
    assertThat(server.port()).isNotEqualTo(wished);
    server.kill();
  }

  @Test
  void launch_portAlwaysTaken_givesUp() {
    Script script = script("echo port taken; exit 1");
    assertThatThrownBy(() -> launch(script, 0)).isInstanceOf(InfrastructureException.class);
    assertThat(script.ports).hasSize(5);
  }

  @Test
  void launch_whatACrashedOneLeftEndsLate_waitsOnTheSamePort() {
    Script script =
        script(
            "if [ -f second ]; then touch answers; exec sleep 600; fi;"
                + " touch second; echo memory still in use; exit 1");

    launch(script, 0).close();

    assertThat(script.ports).hasSize(2);
    assertThat(new HashSet<>(script.ports)).hasSize(1);
  }

  @Test
  void launch_ends_showsTheEndOfItsLogOnly() throws Exception {
    Files.writeString(folder.resolve("log"), "of an earlier run\n");
    Script script = script("echo no space left; exit 1");
    assertThatThrownBy(() -> launch(script, 0))
        .isInstanceOf(InfrastructureException.class)
        .hasMessage(
            "sleep ended while starting; its log %s ends with:\nno space left", script.log());
    assertThat(folder.resolve("process")).doesNotExist();
  }

  @Test
  void launch_neverAnswers_isEndedAtTheDeadline() {
    Script script = script("echo recovering; exec sleep 600");
    script.deadline = Duration.ofSeconds(1);
    assertThatThrownBy(() -> launch(script, 0))
        .isInstanceOf(InfrastructureException.class)
        .hasMessageStartingWith("sleep did not answer within 1 s")
        .hasMessageEndingWith("recovering");
    assertThat(folder.resolve("process")).doesNotExist();
  }

  @Test
  void close_deafToSignals_isKilled() {
    RunningServer server =
        launch(script("trap '' TERM; touch answers; while true; do sleep 1; done"), 0);
    assertThat(folder.resolve("process")).exists();
    server.close();
    assertThat(server.process().isAlive()).isFalse();
    assertThat(folder.resolve("process")).doesNotExist();
  }

  private RunningServer launch(Script script, int port) {
    FolderLock lock = FolderLock.acquire(folder);
    try {
      return RunningServer.launch(script, lock, port);
    } catch (RuntimeException e) {
      lock.close();
      throw e;
    }
  }

  private Script script(String text) {
    return new Script(folder, List.of("/bin/sh", "-c", text));
  }

  /// A shell script in the place of a server; it answers when a file exists.
  private static final class Script implements ServerProgram {
    private final Path folder;
    private final List<String> line;
    private final List<Integer> ports = new ArrayList<>();
    private Duration deadline = Duration.ofMinutes(1);

    private Script(Path folder, List<String> line) {
      this.folder = folder;
      this.line = line;
    }

    @Override
    public String name() {
      return "sleep";
    }

    @Override
    public Path folder() {
      return folder;
    }

    @Override
    public Path log() {
      return folder.resolve("log");
    }

    @Override
    public List<String> command(int port) {
      ports.add(port);
      return line;
    }

    @Override
    public boolean answers(int port) {
      return Files.exists(folder.resolve("answers"));
    }

    @Override
    public boolean mayAdopt(int port) {
      return answers(port);
    }

    @Override
    public String portTaken() {
      return "port taken";
    }

    @Override
    public String remainsOfACrash() {
      return "memory still in use";
    }

    @Override
    public Optional<ServerRecord> selfRecorded() {
      return Optional.empty();
    }

    @Override
    public Duration startDeadline() {
      return deadline;
    }

    @Override
    public void stop(OwnedProcess process) {
      process.stop("TERM", Duration.ofMillis(300));
    }
  }
}
