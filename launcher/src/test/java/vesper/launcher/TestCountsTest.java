package vesper.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TestCountsTest {
  @Test
  void collect_addsModulesAndLeavesOutClasses(@TempDir Path folder) throws Exception {
    TestCounts counts =
        collect(
            folder,
            """
            [INFO] Tests run: 4, Failures: 0, Errors: 0, Skipped: 0, Time elapsed: 0.1 s -- in vesper.a.ATest
            [INFO] Tests run: 4, Failures: 0, Errors: 0, Skipped: 0
            [INFO] Tests run: 3, Failures: 0, Errors: 0, Skipped: 0
            """);
    assertThat(counts).isEqualTo(new TestCounts(7, 0, 0, 0, List.of()));
    assertThat(counts.clean()).isTrue();
  }

  @Test
  void clean_skippedOrNone_isFalse(@TempDir Path folder) throws Exception {
    assertThat(
            collect(folder, "[WARNING] Tests run: 3, Failures: 0, Errors: 0, Skipped: 1").clean())
        .isFalse();
    assertThat(collect(folder, "").clean()).isFalse();
  }

  @Test
  void collect_namesWhatFailed(@TempDir Path folder) throws Exception {
    TestCounts counts =
        collect(
            folder,
            """
            [ERROR] Tests run: 4, Failures: 1, Errors: 0, Skipped: 0, Time elapsed: 0.1 s <<< FAILURE! -- in vesper.a.ATest
            [ERROR] Failures:
            [ERROR]   ATest.one:12 expected: 1
             but was: 2
            [ERROR] Tests run: 4, Failures: 1, Errors: 0, Skipped: 0
            """);
    assertThat(counts.broken()).containsExactly("ATest.one:12 expected: 1");
  }

  private static TestCounts collect(Path folder, String log) throws Exception {
    return TestCounts.collect(Files.writeString(folder.resolve("log"), log));
  }
}
