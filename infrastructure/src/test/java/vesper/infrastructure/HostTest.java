package vesper.infrastructure;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HostTest {
  private static final Path HOME = Path.of("/home/ada");

  @Test
  void cache_followsTheXdgRules() {
    assertThat(Host.cache(Map.of(), HOME)).hasToString("/home/ada/.cache/vesper");
    assertThat(Host.cache(Map.of("XDG_CACHE_HOME", ""), HOME))
        .hasToString("/home/ada/.cache/vesper");
    assertThat(Host.cache(Map.of("XDG_CACHE_HOME", "/fast"), HOME)).hasToString("/fast/vesper");
  }

  @ParameterizedTest
  @CsvSource({
    "Linux, amd64, linux-x86_64",
    "Linux, aarch64, linux-arm_64",
    "Mac OS X, x86_64, darwin-x86_64",
    "Mac OS X, aarch64, darwin-arm_64",
    "Linux, riscv64, linux-riscv64"
  })
  void platform_isNamedAsInTheArchives(String system, String processor, String expected) {
    assertThat(Host.platform(system, processor)).isEqualTo(expected);
  }

  @Test
  void findProgram_findsWhatIsExecutable() {
    assertThat(Host.findProgram("sh")).isPresent();
    assertThat(Host.findProgram("no-such-program-here")).isEmpty();
    assertThat(Host.isProgram(Path.of("/etc/passwd"))).isFalse();
    assertThat(Host.isProgram(Path.of("/"))).isFalse();
  }
}
