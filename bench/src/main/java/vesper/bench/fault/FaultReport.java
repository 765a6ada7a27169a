package vesper.bench.fault;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.grpc.Status;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/// Prints what the scenarios showed.
final class FaultReport {
  private static final double MICROS_PER_MILLI = 1_000;
  private static final String LINE = "%-10s %7s %8s %9s %8s %9s %9s %7s %8s %5s %8s  %s%n";

  static void printTable(List<Verdict> verdicts, PrintWriter out) {
    out.printf(
        LINE,
        "SCENARIO",
        "ACKED",
        "REPEATED",
        "FAILED",
        "UNKEYED",
        "P50 MS",
        "P99 MS",
        "READY S",
        "CHANGES",
        "LOST",
        "DOUBLED",
        "HELD");
    for (Verdict verdict : verdicts) {
      Journal journal = verdict.journal();
      out.printf(
          LINE,
          name(verdict),
          journal.acknowledged(),
          journal.repeated(),
          count(journal.failed(true)),
          count(journal.failed(false)),
          decimal(journal.micros().getValueAtPercentile(50) / MICROS_PER_MILLI),
          decimal(journal.micros().getValueAtPercentile(99) / MICROS_PER_MILLI),
          decimal(verdict.ready().toMillis() / 1_000.0),
          verdict.changes(),
          verdict.findings().lost().size(),
          verdict.findings().doubled().size(),
          verdict.problems().isEmpty() ? "yes" : "NO");
    }
    out.println();
    out.println(
        "acked: calls that were answered well; repeated: sent more than once by the client");
    out.println(
        "failed: calls that may be repeated and failed all the same; unkeyed: failed ones that may not");
    out.println("p50, p99: of calls that may be repeated, from the first sending to the end");
    out.println(
        "ready: from the part's return until every process is ready; changes: of readiness, of one process");
    for (Verdict verdict : verdicts) {
      out.printf(
          "%s: calls that the processes of npc-behavior answered in 6 s before: %s%n",
          name(verdict),
          verdict.spread().entrySet().stream()
              .map(each -> each.getKey() + " " + each.getValue())
              .collect(Collectors.joining(", ")));
      verdict.problems().forEach(problem -> out.printf("%s: %s%n", name(verdict), problem));
    }
  }

  static void printJson(List<Verdict> verdicts, PrintWriter out) throws IOException {
    ObjectMapper mapper = new ObjectMapper();
    ArrayNode array = mapper.createArrayNode();
    for (Verdict verdict : verdicts) {
      Journal journal = verdict.journal();
      ObjectNode one =
          array
              .addObject()
              .put("scenario", name(verdict))
              .put("acknowledged", journal.acknowledged())
              .put("repeated", journal.repeated())
              .put("failed", count(journal.failed(true)))
              .put("failedUnkeyed", count(journal.failed(false)))
              .put("p50Micros", journal.micros().getValueAtPercentile(50))
              .put("p99Micros", journal.micros().getValueAtPercentile(99))
              .put("readyMillis", verdict.ready().toMillis())
              .put("readinessChanges", verdict.changes())
              .put("lost", verdict.findings().lost().size())
              .put("doubled", verdict.findings().doubled().size());
      ObjectNode spread = one.putObject("callsBefore");
      verdict.spread().forEach(spread::put);
      ArrayNode problems = one.putArray("problems");
      verdict.problems().forEach(problems::add);
    }
    out.println(mapper.writerWithDefaultPrettyPrinter().writeValueAsString(array));
  }

  private static String name(Verdict verdict) {
    return verdict.scenario().name().toLowerCase(Locale.ROOT);
  }

  private static int count(Map<Status.Code, Integer> failed) {
    return failed.values().stream().mapToInt(Integer::intValue).sum();
  }

  private static String decimal(double value) {
    return String.format(Locale.ROOT, "%.1f", value);
  }

  private FaultReport() {}
}
