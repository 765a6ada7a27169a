package vesper.launcher;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

/// Line and branch coverage per module, from the reports that JaCoCo wrote.
record Coverage(Path home) {
  void print(Consumer<String> out) throws IOException {
    out.accept("%-28s %8s %8s".formatted("COVERAGE", "lines", "branches"));
    for (Path module : TestModules.folders(home)) {
      Path report = module.resolve("target/site/jacoco/jacoco.csv");
      if (Files.exists(report)) {
        out.accept(line(home.relativize(module).toString(), Files.readAllLines(report)));
      }
    }
  }

  private static String line(String module, List<String> report) {
    long branchesMissed = 0;
    long branches = 0;
    long linesMissed = 0;
    long lines = 0;
    // GROUP,PACKAGE,CLASS,INSTRUCTION_MISSED,…_COVERED,BRANCH_MISSED,…_COVERED,LINE_MISSED,…_COVERED,…
    for (String row : report.subList(1, report.size())) {
      String[] cells = row.split(",", -1);
      branchesMissed += Long.parseLong(cells[5]);
      branches += Long.parseLong(cells[5]) + Long.parseLong(cells[6]);
      linesMissed += Long.parseLong(cells[7]);
      lines += Long.parseLong(cells[7]) + Long.parseLong(cells[8]);
    }
    return "%-28s %8s %8s"
        .formatted(
            module,
            percent(lines - linesMissed, lines),
            percent(branches - branchesMissed, branches));
  }

  private static String percent(long part, long whole) {
    return whole == 0 ? "–" : "%.1f %%".formatted(100.0 * part / whole);
  }
}
