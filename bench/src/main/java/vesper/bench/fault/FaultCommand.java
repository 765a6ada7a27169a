package vesper.bench.fault;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import vesper.runtime.Suggestions;

/// Inflicts faults on a system of several processes under load, and checks what must hold.
@Command(
    name = "fault",
    description = {
      "Kills, stops or restarts a part of a system under load, and checks afterwards that nothing"
          + " acknowledged is lost and nothing is there twice.",
      "",
      "The system is its own: a nats-server, a PostgreSQL, two processes with everything but"
          + " npc-behavior, each with a gateway, and three with npc-behavior. Clients talk with"
          + " people, change entities and read the clock all the time."
    },
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Exit code 0 when everything held, 1 when not.",
      "Examples:",
      "  ./vesper fault --all            every scenario, with a table",
      "  ./vesper fault replica nats     some",
      "  ./vesper fault postgres --outage 60"
    })
public final class FaultCommand implements Callable<Integer> {
  private static final Duration CALM = Duration.ofSeconds(6);

  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(
      arity = "0..*",
      paramLabel = "SCENARIO",
      description = "Which: replica, nats, postgres, both, rolling, pause, all.")
  private List<String> names = List.of();

  @Option(names = "--all", description = "Every scenario.")
  private boolean all;

  @Option(
      names = "--outage",
      paramLabel = "SECONDS",
      defaultValue = "30",
      description = "How long NATS or PostgreSQL is away (default: ${DEFAULT-VALUE}).")
  private int outage = 30;

  @Option(names = "--json", description = "Print one JSON array instead of a table.")
  private boolean json;

  @Option(names = "--keep", description = "Keep the data and logs, and print where they are.")
  private boolean keep;

  @Override
  public Integer call() throws Exception {
    List<Scenario> chosen = names.stream().map(this::scenario).toList();
    if (chosen.isEmpty() == !all) {
      throw new ParameterException(spec.commandLine(), "name scenarios, or --all");
    }
    if (outage < 1 || outage > 600) {
      throw new ParameterException(spec.commandLine(), "--outage takes 1 to 600 seconds");
    }
    ((Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME)).setLevel(Level.ERROR);
    long begin = System.nanoTime();
    PrintWriter err = spec.commandLine().getErr();
    Path data = Files.createTempDirectory("vesper-fault");
    List<Verdict> verdicts = new ArrayList<>();
    try (Cluster cluster = new Cluster(data, step -> say(err, begin, step))) {
      Thread stop = Thread.ofPlatform().unstarted(cluster::close);
      Runtime.getRuntime().addShutdownHook(stop);
      cluster.start();
      for (Scenario scenario : all ? Arrays.asList(Scenario.values()) : chosen) {
        say(err, begin, scenario.words());
        Verdict verdict = run(cluster, scenario);
        verdict.problems().forEach(problem -> say(err, begin, "NOT HELD: " + problem));
        verdicts.add(verdict);
      }
      Runtime.getRuntime().removeShutdownHook(stop);
    } finally {
      if (keep) {
        say(err, begin, "data and logs are in " + data);
      } else {
        delete(data);
      }
    }
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      FaultReport.printJson(verdicts, out);
    } else {
      FaultReport.printTable(verdicts, out);
    }
    out.flush();
    say(err, begin, "done");
    return verdicts.stream().allMatch(verdict -> verdict.problems().isEmpty()) ? 0 : 1;
  }

  private Scenario scenario(String name) {
    List<String> known =
        Arrays.stream(Scenario.values()).map(each -> each.name().toLowerCase(Locale.ROOT)).toList();
    if (!known.contains(name)) {
      throw new ParameterException(
          spec.commandLine(), "no scenario '" + name + "'" + Suggestions.didYouMean(name, known));
    }
    return Scenario.valueOf(name.toUpperCase(Locale.ROOT));
  }

  private Verdict run(Cluster cluster, Scenario scenario) throws Exception {
    Journal journal = new Journal();
    Duration ready;
    int changes;
    int restarted;
    Map<String, Long> spread;
    try (Client client = new Client(cluster.nodes());
        Load _ = Load.start(client, journal, cluster.keys())) {
      Map<String, Long> before = calls(cluster);
      Thread.sleep(CALM);
      spread = calls(cluster);
      spread.replaceAll((name, calls) -> calls - before.getOrDefault(name, 0L));
      try (ReadinessWatch watch = ReadinessWatch.start(cluster.replicas())) {
        scenario.inflict(cluster, Duration.ofSeconds(outage));
        ready = cluster.awaitReady();
        Thread.sleep(CALM);
        changes = watch.mostChanges();
      }
      restarted = (int) cluster.replicas().stream().filter(each -> !each.alive()).count();
    }
    return new Verdict(
        scenario, journal, ready, changes, restarted, spread, Invariants.check(cluster, journal));
  }

  /// How many calls each process with npc-behavior has answered.
  private static Map<String, Long> calls(Cluster cluster) throws IOException, InterruptedException {
    Map<String, Long> calls = new TreeMap<>();
    for (Replica replica : cluster.people()) {
      calls.put(replica.name(), Probe.calls(replica.management(), "npc"));
    }
    return calls;
  }

  private static void say(PrintWriter out, long begin, String what) {
    long seconds = (System.nanoTime() - begin) / 1_000_000_000;
    out.printf("[fault] elapsed %02d:%02d · %s%n", seconds / 60, seconds % 60, what);
    out.flush();
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }
}
