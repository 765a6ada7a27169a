package vesper.launcher;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// How many tests ran and how they ended, from what Surefire printed at the end of each module.
///
/// @param broken a line for each test that failed, with its cause
record TestCounts(int run, int failures, int errors, int skipped, List<String> broken) {
  private static final Pattern BROKEN = Pattern.compile("^\\[ERROR\\]   (\\S.*)$");
  private static final Pattern MODULE_TOTAL =
      Pattern.compile(
          "^\\[(?:INFO|WARNING|ERROR)\\] Tests run: (\\d+), Failures: (\\d+), Errors: (\\d+), Skipped: (\\d+)$");

  static TestCounts collect(Path log) throws IOException {
    TestCounts sum = new TestCounts(0, 0, 0, 0, List.of());
    List<String> broken = new ArrayList<>();
    for (String line : Files.readAllLines(log)) {
      Matcher total = MODULE_TOTAL.matcher(line.strip());
      if (total.matches()) {
        sum =
            new TestCounts(
                sum.run + Integer.parseInt(total.group(1)),
                sum.failures + Integer.parseInt(total.group(2)),
                sum.errors + Integer.parseInt(total.group(3)),
                sum.skipped + Integer.parseInt(total.group(4)),
                List.of());
      }
      Matcher named = BROKEN.matcher(line);
      if (named.matches()) {
        broken.add(named.group(1));
      }
    }
    return new TestCounts(sum.run, sum.failures, sum.errors, sum.skipped, List.copyOf(broken));
  }

  @Override
  public String toString() {
    return "Tests run: %d, Failures: %d, Errors: %d, Skipped: %d"
        .formatted(run, failures, errors, skipped);
  }

  /// Returns whether something ran, nothing failed and nothing was skipped.
  boolean clean() {
    return run > 0 && failures == 0 && errors == 0 && skipped == 0;
  }
}
