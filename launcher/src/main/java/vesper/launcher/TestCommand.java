package vesper.launcher;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import vesper.infrastructure.NatsServer;
import vesper.infrastructure.NatsSettings;
import vesper.infrastructure.PostgresServer;
import vesper.infrastructure.PostgresSettings;

/// Runs all tests on one PostgreSQL and one NATS, and prints what was covered.
@Command(
    name = "test",
    description =
        "Builds everything and runs all tests, on a NATS and PostgreSQL started for them.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Examples:",
      "  ./vesper test                         everything",
      "  ./vesper test services/npc-behavior   one module and what it needs"
    })
final class TestCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(
      arity = "0..*",
      paramLabel = "MODULE",
      description = "Folders of modules; all when absent.")
  private List<String> modules = List.of();

  @Option(names = "--verbose", description = "Print all that Maven prints.")
  private boolean verbose;

  @Override
  public Integer call() throws IOException, InterruptedException {
    Path home = SystemOptions.home();
    for (String module : modules) {
      if (!Files.exists(home.resolve(module).resolve("pom.xml"))) {
        throw new CommandFailure(
            "there is no module '%s'; modules are folders with a pom.xml, as in transport or services/auth"
                .formatted(module),
            CommandFailure.USAGE);
      }
    }
    PrintWriter out = spec.commandLine().getOut();
    Path folder = Files.createTempDirectory("vesper-test");
    Path log = Files.createDirectories(home.resolve("target/test")).resolve("test.log");
    try (Elapsed elapsed = new Elapsed("test", out, home.resolve("target/test"))) {
      elapsed.println("[test] start, the whole output is in " + home.relativize(log));
      elapsed.detail("starting NATS and PostgreSQL");
      int exit;
      try (NatsServer nats =
              NatsServer.start(
                  NatsSettings.disposable(folder).withAccounts(TestModules.accounts(home)),
                  elapsed::detail);
          PostgresServer postgres =
              PostgresServer.start(PostgresSettings.disposable(folder), elapsed::detail)) {
        exit = runMaven(home, log, nats, postgres, elapsed);
      }
      new Coverage(home).print(elapsed::println);
      TestCounts counts = TestCounts.collect(log);
      for (Prerequisite absent : Prerequisite.absent()) {
        elapsed.println(
            "[test] NOT RUN: tests tagged %s, which need %s"
                .formatted(absent.tag(), absent.needs()));
      }
      elapsed.println(
          "[test] %s after %d s"
              .formatted(
                  exit == 0 && counts.clean() ? "passed" : "FAILED",
                  elapsed.elapsed().toSeconds()));
      elapsed.println(counts.toString());
      counts.broken().forEach(elapsed::println);
      if (exit != 0) {
        return CommandFailure.FAILED;
      }
      if (!counts.clean()) {
        elapsed.println("[test] a skipped test counts as failed");
        return CommandFailure.FAILED;
      }
      elapsed.finished();
      return 0;
    } finally {
      Trees.delete(folder);
    }
  }

  private int runMaven(
      Path home, Path log, NatsServer nats, PostgresServer postgres, Elapsed elapsed)
      throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(
            List.of(home.resolve("vesper").toString(), "mvn", "-B", "--fail-at-end", "verify"));
    String excluded =
        String.join(",", Prerequisite.absent().stream().map(Prerequisite::tag).toList());
    command.add("-Dtests.excluded=" + excluded);
    if (!modules.isEmpty()) {
      command.addAll(List.of("-am", "-pl", String.join(",", modules)));
    }
    ProcessBuilder builder = new ProcessBuilder(command).directory(home.toFile());
    builder.redirectErrorStream(true);
    builder.environment().put("VESPER_TEST_NATS_URL", nats.url().toString());
    builder
        .environment()
        .put(
            "VESPER_TEST_DB_URL",
            "%s?user=%s&password=%s"
                .formatted(postgres.jdbcUrl(), postgres.user(), postgres.password()));
    Process maven = builder.start();
    Thread stop = Thread.ofPlatform().unstarted(() -> endTree(maven));
    Runtime.getRuntime().addShutdownHook(stop);
    try (BufferedReader lines =
            new BufferedReader(
                new InputStreamReader(maven.getInputStream(), StandardCharsets.UTF_8));
        PrintWriter file = new PrintWriter(Files.newBufferedWriter(log))) {
      String line;
      while ((line = lines.readLine()) != null) {
        file.println(line);
        show(line, elapsed);
      }
    }
    int exit = maven.waitFor();
    Runtime.getRuntime().removeShutdownHook(stop);
    return exit;
  }

  private void show(String line, Elapsed elapsed) {
    if (line.startsWith("[INFO] Building ")) {
      elapsed.detail(line.substring("[INFO] Building ".length()).strip());
    }
    boolean worthSeeing =
        verbose
            || line.startsWith("[ERROR]")
            || line.startsWith("[WARNING] Tests run:")
            || line.startsWith("[INFO] BUILD")
            || (line.startsWith("[INFO] Tests run:") && line.contains(" in "));
    if (worthSeeing) {
      elapsed.println(line);
    }
  }

  private static void endTree(Process maven) {
    Stream.concat(maven.descendants(), Stream.of(maven.toHandle())).forEach(ProcessHandle::destroy);
  }
}
