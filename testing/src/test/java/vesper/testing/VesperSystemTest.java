package vesper.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(VesperSystemExtension.class)
class VesperSystemTest {
  @Test
  void system_ready_tellsItsAddresses(VesperSystem system) {
    assertThat(system.gateway()).hasToString("http://127.0.0.1:8000");
    assertThat(system.management()).hasToString("http://127.0.0.1:8001");
    assertThat(system.output()).isEqualTo("starting\n");
  }

  @Test
  void run_command_givesExitCodeAndOutputs(VesperSystem system) {
    assertThat(system.run("status", "--json"))
        .isEqualTo(
            new VesperSystem.Outcome(0, "status --json --data " + system.data() + " null\n", ""));
    assertThat(system.run("fail")).isEqualTo(new VesperSystem.Outcome(4, "", "this failed\n"));
  }

  @Test
  void restart_runningOrKilled_keepsTheData(VesperSystem system) throws IOException {
    long pid = system.pid();
    Files.writeString(system.data().resolve("kept"), "kept");
    system.restart();
    assertThat(system.pid()).isNotEqualTo(pid);
    assertThat(ProcessHandle.of(pid)).isEmpty();
    system.kill();
    assertThat(ProcessHandle.of(system.pid())).isEmpty();
    system.restart();
    assertThat(system.data().resolve("kept")).hasContent("kept");
  }

  @Test
  void close_leavesNoProcessAndNoData() {
    VesperSystem system = VesperSystem.start();
    system.close();
    assertThat(ProcessHandle.of(system.pid())).isEmpty();
    assertThat(system.data().getParent()).doesNotExist();
  }

  @Test
  void start_programEnds_showsWhatItPrinted() {
    assertThatThrownBy(() -> VesperSystem.start("--refuse"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageStartingWith("The program ended with exit code 3")
        .hasMessageEndingWith("starting\nthe port is taken\n");
  }

  @Test
  void runningFile_absentOrDamaged_isNone(@TempDir Path data) throws IOException {
    assertThat(RunningFile.read(data)).isEmpty();
    for (String text :
        new String[] {"", "{", "[]", "3", "{\"state\":\"READY\"}", "{\"pid\":\"x\"}"}) {
      Files.writeString(data.resolve("running.json"), text);
      assertThat(RunningFile.read(data)).as(text).isEmpty();
    }
    Files.writeString(data.resolve("running.json"), "{\"pid\":7,\"state\":\"STARTING\"}");
    assertThat(RunningFile.read(data))
        .hasValueSatisfying(file -> assertThat(file.isReady()).isFalse());
  }
}
