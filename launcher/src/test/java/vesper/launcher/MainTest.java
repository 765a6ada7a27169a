package vesper.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class MainTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @ParameterizedTest
  @ValueSource(
      strings = {
        "up",
        "down",
        "status",
        "logs",
        "talk",
        "call",
        "watch",
        "events",
        "doctor",
        "test",
        "fake-vllm"
      })
  void help_ofEachCommand_hasADescription(String command) {
    assertThat(run(command, "--help")).isZero();
    assertThat(out.toString()).contains("Usage: vesper " + command);
  }

  @Test
  void misspeltCommand_isSuggested() {
    assertThat(run("statsu")).isEqualTo(CommandFailure.USAGE);
    assertThat(err.toString()).contains("status");
  }

  @Test
  void command_withoutASystem_saysHowToStartOne(@TempDir Path folder) {
    assertThat(run("status", "--data", folder.toString())).isEqualTo(CommandFailure.NOT_RUNNING);
    assertThat(err.toString()).contains("./vesper up");
  }

  @Test
  void watch_foreignSubject_isRefused(@TempDir Path folder) {
    assertThat(run("watch", "svc.>", "--data", folder.toString())).isEqualTo(CommandFailure.USAGE);
    assertThat(err.toString()).contains("evt.");
  }

  @Test
  void up_badPort_isRefused(@TempDir Path folder) {
    assertThat(run("up", "--port", "70000", "--data", folder.toString()))
        .isEqualTo(CommandFailure.USAGE);
    assertThat(err.toString()).contains("70000");
  }

  @Test
  void fakeVllm_badRate_isRefused() {
    assertThat(run("fake-vllm", "--error-rate", "2")).isEqualTo(CommandFailure.USAGE);
    assertThat(err.toString()).contains("error_rate");
  }

  @Test
  void talk_badPlayer_isRefused(@TempDir Path folder) {
    DataDirectory data = DataDirectory.open(folder);
    org.assertj.core.api.Assertions.assertThatThrownBy(() -> PlayerCredential.of(data, "../x"))
        .isInstanceOf(CommandFailure.class)
        .hasMessageContaining("../x");
    assertThat(PlayerCredential.of(data, "ilse")).isEqualTo(PlayerCredential.of(data, "ilse"));
    assertThat(PlayerCredential.of(data, "ilse")).isNotEqualTo(PlayerCredential.of(data, "bram"));
  }

  private int run(String... arguments) {
    CommandLine line = Main.commandLine();
    line.setOut(new PrintWriter(out));
    line.setErr(new PrintWriter(err));
    return line.execute(arguments);
  }
}
