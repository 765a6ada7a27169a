package vesper.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunningSystemTest {
  private final RunningSystem system =
      new RunningSystem(
          RunningSystem.State.READY,
          "0.1.0",
          Instant.parse("2026-01-01T00:00:00Z"),
          "harbor \"east\"",
          "/packs/harbor",
          URI.create("http://127.0.0.1:8000"),
          URI.create("http://127.0.0.1:8001"),
          URI.create("nats://127.0.0.1:4222"),
          URI.create("postgresql://127.0.0.1:5432/vesper"),
          List.of(
              RunningSystem.Part.of("vesper", ProcessHandle.current().pid()),
              new RunningSystem.Part("postgres", 1, -1)));

  @Test
  void write_thenRead_isTheSame(@TempDir Path folder) {
    system.write(folder.resolve("running.json"));
    assertThat(RunningSystem.read(folder.resolve("running.json"))).isEqualTo(system);
  }

  @Test
  void write_putsEachProcessOnALineOfItsOwn(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("running.json");
    system.write(file);
    assertThat(Files.readAllLines(file))
        .filteredOn(line ->
            line.matches(" *\\{\"name\": \"[a-z-]+\", \"pid\": \\d+, \"startTicks\": -?\\d+},?"))
        .hasSize(2);
  }

  @Test
  void alive_sameProcess_butNotOneWithItsPid() {
    assertThat(system.alive()).isTrue();
    RunningSystem.Part self = RunningSystem.Part.of("vesper", ProcessHandle.current().pid());
    assertThat(new RunningSystem.Part("vesper", self.pid(), self.startTicks() + 1).alive())
        .isFalse();
  }

  @Test
  void read_damagedFile_saysWhich(@TempDir Path folder) throws Exception {
    Path file = Files.writeString(folder.resolve("running.json"), "{\"state\": ");
    assertThatThrownBy(() -> RunningSystem.read(file))
        .isInstanceOf(CommandFailure.class)
        .hasMessageContaining(file.toString());
  }
}
