package vesper.infrastructure;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Needs a Debian whose package archive can be reached.
@Tag("needs-debian-archive")
class DebianPackageTest {
  @TempDir Path folder;

  @Test
  void fetch_givesAServerThatRuns() {
    NatsBinary.DebianTools tools =
        new NatsBinary.DebianTools(
            Host.findProgram("apt-get").orElseThrow(), Host.findProgram("dpkg").orElseThrow());
    List<String> progress = new ArrayList<>();
    Path binary = NatsBinary.fetch(folder.resolve("nats-server"), tools, progress::add);
    assertThat(NatsVersion.of(binary).major()).isEqualTo(2);
    assertThat(progress).isNotEmpty();
  }
}
