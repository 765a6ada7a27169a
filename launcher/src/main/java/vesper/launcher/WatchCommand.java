package vesper.launcher;

import io.nats.client.Connection;
import io.nats.client.Message;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.LinkedBlockingQueue;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// Prints events as they happen.
@Command(
    name = "watch",
    description = "Prints events as JSON, one on a line, as they happen.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Examples:",
      "  ./vesper watch                                   every event",
      "  ./vesper watch 'evt.time.>'                      only the clock's",
      "  ./vesper watch evt.time.hour_changed.v1.body-broker",
      "  ./vesper watch 'live.time.>'                     what is kept nowhere, as each game minute",
      "  ./vesper watch --since-start                     what the streams still hold, then what comes"
    })
final class WatchCommand implements Callable<Integer> {
  private static final int WAITING = 4096;

  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private SystemOptions options = new SystemOptions();

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "SUBJECT",
      defaultValue = "evt.>",
      description = "NATS subject, `*` one word, `>` the rest (default: ${DEFAULT-VALUE}).")
  private String subject = "evt.>";

  @Option(names = "--since-start", description = "Begin with the oldest event that is kept.")
  private boolean sinceStart;

  @Option(names = "--count", paramLabel = "N", description = "Leave after this many events.")
  private long count = Long.MAX_VALUE;

  // A NATS connection may be interrupted while it closes.
  @SuppressWarnings("try")
  @Override
  public Integer call() throws Exception {
    if (!subject.matches("(evt|live)(\\.[A-Za-z0-9_*-]+)*(\\.>)?")) {
      throw new CommandFailure(
          "subjects begin with evt. or live., as in evt.time.>; '%s' does not".formatted(subject),
          CommandFailure.USAGE);
    }
    RunningSystem system = options.running();
    EventJson json = new EventJson();
    BlockingQueue<Message> queue = new LinkedBlockingQueue<>(WAITING);
    PrintWriter out = spec.commandLine().getOut();
    try (Connection nats = Broker.connect(options.dataDirectory(), system)) {
      Broker.subscribe(nats, subject, sinceStart, message -> put(queue, message));
      for (long seen = 0; seen < count; seen++) {
        out.println(json.render(queue.take()));
        out.flush();
      }
    } catch (IOException failure) {
      throw new CommandFailure(
          "no connection to NATS at %s: %s".formatted(system.nats(), failure.getMessage()));
    }
    return 0;
  }

  /// Waits while the terminal is slower than the events.
  private static void put(BlockingQueue<Message> queue, Message message) {
    try {
      queue.put(message);
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }
}
