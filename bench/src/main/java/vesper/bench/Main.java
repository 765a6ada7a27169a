package vesper.bench;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import vesper.bench.fault.FaultCommand;
import vesper.bench.fuzz.FuzzCommand;
import vesper.runtime.Suggestions;

/// Runs all variants in turn, round after round, and prints medians with their spread.
@Command(
    name = "vesper bench",
    description = "Measures the transport side by side with its alternatives.",
    mixinStandardHelpOptions = true,
    subcommands = {AiCommand.class, FaultCommand.class, FuzzCommand.class},
    footer = {
      "",
      "Every round measures every variant once, so that a change of the machine's speed meets all alike.",
      "Examples:",
      "  ./vesper bench                     the table",
      "  ./vesper bench --json              one JSON array",
      "  ./vesper bench --only stubs,grpc   some variants and what they are compared with",
      "  ./vesper bench ai                  what a whole system adds before the first words of a model"
    })
public final class Main implements Callable<Integer> {
  private static final List<String> REFERENCES = List.of("raw-request", "tokens-grpc");

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(names = "--json", description = "Print one JSON array instead of a table.")
  private boolean json;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      defaultValue = "7",
      description = "Rounds after the warm-up (default: ${DEFAULT-VALUE}).")
  private int rounds = 7;

  @Option(
      names = "--millis",
      paramLabel = "N",
      defaultValue = "700",
      description =
          "How long a variant runs in a round, in milliseconds (default: ${DEFAULT-VALUE}).")
  private int millis = 700;

  @Option(names = "--only", paramLabel = "NAMES", split = ",", description = "Only these variants.")
  private List<String> only = List.of();

  /// Runs the measurements and exits with 0 when they were made.
  public static void main(String[] arguments) {
    CommandLine line = new CommandLine(new Main());
    line.setCaseInsensitiveEnumValuesAllowed(true);
    line.setParameterExceptionHandler(Main::explainUsage);
    System.exit(line.execute(arguments));
  }

  private static int explainUsage(ParameterException failure, String[] arguments) {
    CommandLine line = failure.getCommandLine();
    PrintWriter err = line.getErr();
    err.println("vesper: " + failure.getMessage());
    if (!CommandLine.UnmatchedArgumentException.printSuggestions(failure, err)) {
      err.println(line.getHelp().synopsis(0).strip());
    }
    err.println("More: ./" + line.getCommandSpec().qualifiedName(" ") + " --help");
    err.flush();
    return CommandLine.ExitCode.USAGE;
  }

  @Override
  @SuppressWarnings("try") // Closing a NATS connection may be interrupted.
  public Integer call() throws Exception {
    if (rounds < 1 || millis < 10) {
      throw new ParameterException(spec.commandLine(), "at least 1 round of 10 ms");
    }
    // Until the host sets its own level.
    ((Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME)).setLevel(Level.ERROR);
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter progress = spec.commandLine().getErr();
    Path folder = Files.createTempDirectory("vesper-bench");
    try (Stage stage = Stage.open(folder, step -> progress.println("[bench] " + step))) {
      List<Measurement> measurements = new ArrayList<>();
      requireKnown(stage.variants());
      for (Variant variant : stage.variants()) {
        if (only.isEmpty()
            || only.contains(variant.name())
            || REFERENCES.contains(variant.name())) {
          for (int inFlight : variant.inFlight()) {
            measurements.add(new Measurement(variant, inFlight));
          }
        }
      }
      measure(measurements, progress);
      Report report = new Report(measurements);
      if (json) {
        report.printJson(out);
      } else {
        report.printTable(out);
      }
      out.flush();
    } finally {
      delete(folder);
    }
    return 0;
  }

  private void requireKnown(List<Variant> variants) {
    List<String> known = variants.stream().map(Variant::name).toList();
    for (String name : only) {
      if (!known.contains(name)) {
        throw new ParameterException(
            spec.commandLine(),
            "no variant '%s'%s. There are: %s"
                .formatted(name, Suggestions.didYouMean(name, known), String.join(", ", known)));
      }
    }
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  private void measure(List<Measurement> measurements, PrintWriter progress) throws Exception {
    Duration time = Duration.ofMillis(millis);
    long begin = System.nanoTime();
    for (int round = 0; round <= rounds; round++) {
      for (Measurement measurement : measurements) {
        // The first round warms up and takes longer: the compiler needs it.
        Load.Sample sample =
            Load.run(
                measurement.variant(),
                measurement.inFlight(),
                round == 0 ? time.multipliedBy(2) : time);
        if (round > 0) {
          measurement.add(sample);
        }
      }
      double seconds = (System.nanoTime() - begin) / 1e9;
      progress.printf(
          "[bench] elapsed %.0f s · round %d/%d · ETA %.0f s%n",
          seconds, round, rounds, seconds / (round + 2) * (rounds - round));
      progress.flush();
    }
  }
}
