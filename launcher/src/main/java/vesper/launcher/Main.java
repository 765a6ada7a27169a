package vesper.launcher;

import io.grpc.StatusException;
import io.grpc.StatusRuntimeException;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// The `vesper` program. Exit codes: 0 done, 1 failed, 2 wrong usage, 3 nothing is running, 130
/// interrupted.
@Command(
    name = "vesper",
    description = "The AI core of a living game world.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      UpCommand.class,
      RehearseCommand.class,
      RunCommand.class,
      DownCommand.class,
      StatusCommand.class,
      LogsCommand.class,
      TalkCommand.class,
      DecisionsCommand.class,
      CallCommand.class,
      WatchCommand.class,
      EventsCommand.class,
      DoctorCommand.class,
      TestCommand.class,
      BenchCommand.class,
      FaultCommand.class,
      FuzzCommand.class,
      FakeVllmCommand.class,
      MavenCommand.class,
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  ./vesper up --detach            start everything and return when it is ready",
      "  ./vesper talk                   see who is there to talk to",
      "  ./vesper status                 what runs, and where",
      "  ./vesper COMMAND --help         more about a command",
    })
public final class Main implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();

  /// Runs one command and exits with its code.
  public static void main(String[] arguments) {
    System.exit(commandLine().execute(arguments));
  }

  static CommandLine commandLine() {
    CommandLine line = new CommandLine(new Main());
    line.setCaseInsensitiveEnumValuesAllowed(true);
    line.setExecutionExceptionHandler(Main::explain);
    line.setParameterExceptionHandler(Main::explainUsage);
    return line;
  }

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }

  private static int explain(Exception failure, CommandLine line, CommandLine.ParseResult parsed) {
    PrintWriter err = line.getErr();
    return switch (failure) {
      case CommandFailure known -> fail(err, known.getMessage(), known.exitCode());
      case StatusRuntimeException refused ->
          fail(
              err,
              Refusals.explain(refused.getStatus(), refused.getTrailers()),
              CommandFailure.FAILED);
      case StatusException refused ->
          fail(
              err,
              Refusals.explain(refused.getStatus(), refused.getTrailers()),
              CommandFailure.FAILED);
      default -> {
        StringWriter trace = new StringWriter();
        failure.printStackTrace(new PrintWriter(trace, true));
        yield fail(err, trace.toString(), CommandFailure.FAILED);
      }
    };
  }

  private static int fail(PrintWriter err, @Nullable String message, int exitCode) {
    err.println("vesper: " + message);
    return exitCode;
  }

  private static int explainUsage(ParameterException failure, String[] arguments) {
    CommandLine line = failure.getCommandLine();
    PrintWriter err = line.getErr();
    err.println("vesper: " + failure.getMessage());
    if (!CommandLine.UnmatchedArgumentException.printSuggestions(failure, err)) {
      err.println(line.getHelp().synopsis(0).strip());
    }
    err.println("More: ./" + line.getCommandSpec().qualifiedName(" ") + " --help");
    return CommandFailure.USAGE;
  }
}
