package vesper.bench.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import vesper.testing.VesperSystem;

class FuzzTest {
  @Test
  void twoThousandRequests_findNothing() throws Exception {
    try (VesperSystem system = VesperSystem.start("--log-to-file")) {
      Fuzz fuzz = new Fuzz(Target.in(system.data()), 1, _ -> {});

      Fuzz.Result result = fuzz.run(0, 2_000);

      StringWriter table = new StringWriter();
      FuzzCommand.print(result, new PrintWriter(table));
      assertThat(result.failures()).as(table.toString()).isEmpty();
      assertThat(result.tally().total()).isEqualTo(2_000);
    }
  }
}
