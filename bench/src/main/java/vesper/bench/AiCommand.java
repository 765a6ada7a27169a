package vesper.bench;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.HdrHistogram.Histogram;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import vesper.testing.VesperSystem;
import vesper.testing.vllm.FakeVllm;

/// Measures what a whole system adds before the first words of an answer, against the same model
/// server called directly.
@Command(
    name = "ai",
    description = {
      "Measures the time to the first words of a talk against the same model server called directly.",
      "",
      "A fake model server answers without a pause; a whole system with its own NATS and PostgreSQL"
          + " asks it. Each talk through the system is followed by one direct call; both count from"
          + " the request to the first words that arrive, over HTTP and server-sent events."
    },
    mixinStandardHelpOptions = true)
final class AiCommand implements Callable<Integer> {
  private static final int MICROS_PER_MILLI = 1_000;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(names = "--json", description = "Print one JSON array instead of a table.")
  private boolean json;

  @Option(
      names = "--turns",
      paramLabel = "N",
      defaultValue = "300",
      description = "Answers that are measured at each load (default: ${DEFAULT-VALUE}).")
  private int turns = 300;

  @Option(
      names = "--in-flight",
      paramLabel = "N",
      split = ",",
      defaultValue = "1,16",
      description = "Talks at the same time (default: ${DEFAULT-VALUE}).")
  private List<Integer> inFlight = List.of(1, 16);

  /// What was measured at one load, in microseconds.
  record Row(int inFlight, Histogram direct, Histogram talk, Histogram added, int scripted) {}

  @Override
  public Integer call() throws Exception {
    if (turns < 10 || inFlight.stream().anyMatch(load -> load < 1 || load > 256)) {
      throw new ParameterException(
          spec.commandLine(), "at least 10 turns, and 1 to 256 talks at the same time");
    }
    ((Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME)).setLevel(Level.ERROR);
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter progress = spec.commandLine().getErr();
    progress.println("[bench ai] starting a model server and a system");
    progress.flush();
    List<Row> rows = new ArrayList<>();
    try (FakeVllm models = FakeVllm.builder().seed(1).slots(512, 512).start();
        VesperSystem system = VesperSystem.start("--llm", models.url().toString())) {
      FirstWords words = new FirstWords(models, system.gateway());
      words.warmUp();
      for (int load : inFlight) {
        progress.printf("[bench ai] %d in flight, %d answers%n", load, turns);
        progress.flush();
        rows.add(words.measure(load, turns));
      }
    }
    if (json) {
      printJson(rows, out);
    } else {
      printTable(rows, out);
    }
    out.flush();
    return 0;
  }

  private static void printTable(List<Row> rows, PrintWriter out) {
    out.printf(
        "%9s %14s %14s %14s %14s %14s %14s %9s%n",
        "in flight",
        "direct p50 ms",
        "direct p99 ms",
        "talk p50 ms",
        "talk p99 ms",
        "added p50 ms",
        "added p99 ms",
        "scripted");
    for (Row row : rows) {
      out.printf(
          "%9d %14.2f %14.2f %14.2f %14.2f %14.2f %14.2f %9d%n",
          row.inFlight(),
          millis(row.direct(), 50),
          millis(row.direct(), 99),
          millis(row.talk(), 50),
          millis(row.talk(), 99),
          millis(row.added(), 50),
          millis(row.added(), 99),
          row.scripted());
    }
    out.println();
    out.println(
        "added: per pair, the talk's time to its first words less that of the direct call after it");
    out.println("scripted: talks that no model answered; they are not in the figures");
  }

  private static void printJson(List<Row> rows, PrintWriter out) throws Exception {
    ObjectMapper mapper = new ObjectMapper();
    ArrayNode array = mapper.createArrayNode();
    for (Row row : rows) {
      array
          .addObject()
          .put("inFlight", row.inFlight())
          .put("directP50Micros", row.direct().getValueAtPercentile(50))
          .put("directP99Micros", row.direct().getValueAtPercentile(99))
          .put("talkP50Micros", row.talk().getValueAtPercentile(50))
          .put("talkP99Micros", row.talk().getValueAtPercentile(99))
          .put("addedP50Micros", row.added().getValueAtPercentile(50))
          .put("addedP99Micros", row.added().getValueAtPercentile(99))
          .put("scripted", row.scripted());
    }
    out.println(mapper.writerWithDefaultPrettyPrinter().writeValueAsString(array));
  }

  private static double millis(Histogram micros, double percentile) {
    return (double) micros.getValueAtPercentile(percentile) / MICROS_PER_MILLI;
  }
}
