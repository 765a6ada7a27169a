package vesper.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Runs buf, which the build fetches, on the descriptors of all contracts.
class BufTest {
  private static final Path MODULE = Path.of("").toAbsolutePath();
  private static final Path DESCRIPTORS = MODULE.resolve("target/classes/vesper/protocol.binpb");
  private static final Path BASELINE = MODULE.resolve("baseline.binpb");

  @Test
  void contracts_passLint() throws Exception {
    assertThat(buf("lint", DESCRIPTORS.toString())).isEmpty();
  }

  @Test
  void contracts_breakNothingSinceTheBaseline() throws Exception {
    assertThat(buf("breaking", DESCRIPTORS.toString(), "--against", BASELINE.toString())).isEmpty();
  }

  /// Returns what buf complains of.
  private static String buf(String... arguments) throws IOException, InterruptedException {
    Path program = MODULE.resolve("target/buf.exe");
    assertThat(program.toFile().setExecutable(true)).isTrue();
    List<String> command = new ArrayList<>(List.of(program.toString()));
    command.addAll(List.of(arguments));
    command.addAll(List.of("--config", MODULE.resolve("buf.yaml").toString()));
    // Outside the module's folder, else buf looks for sources instead of descriptors.
    Path elsewhere = Files.createTempDirectory("buf");
    ProcessBuilder builder = new ProcessBuilder(command).directory(elsewhere.toFile());
    builder.environment().put("HOME", elsewhere.toString());
    Process process = builder.redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    int exit = process.waitFor();
    return exit == 0 ? output : output + "exit code " + exit;
  }
}
