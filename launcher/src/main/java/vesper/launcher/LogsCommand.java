package vesper.launcher;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.RandomAccessFile;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import vesper.runtime.Suggestions;

/// Prints the end of a log, and what is added to it.
@Command(
    name = "logs",
    description = "Prints the last lines of the log.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Examples:",
      "  ./vesper logs                 the last lines of everything",
      "  ./vesper logs npc-behavior    only one service",
      "  ./vesper logs nats-server -f  the broker's own log, as it grows"
    })
final class LogsCommand implements Callable<Integer> {
  private static final List<String> SERVERS = List.of("nats-server", "postgres");

  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private SystemOptions system = new SystemOptions();

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "SERVICE",
      description = "A service, `nats-server` or `postgres`; everything when absent.")
  private @Nullable String service;

  @Option(
      names = {"-f", "--follow"},
      description = "Go on printing as lines are added.")
  private boolean follow;

  @Option(
      names = {"-n", "--lines"},
      paramLabel = "N",
      defaultValue = "50",
      description = "How many lines to begin with (default: ${DEFAULT-VALUE}).")
  private int lines;

  @Override
  public Integer call() throws IOException, InterruptedException {
    boolean server = service != null && SERVERS.contains(service);
    requireKnown();
    Path file = system.dataDirectory().logs().resolve((server ? service : "vesper") + ".log");
    if (!Files.exists(file)) {
      throw new CommandFailure(
          "there is no log %s. Start the system with: ./vesper up --detach".formatted(file));
    }
    String wanted = server ? null : service;
    PrintWriter out = spec.commandLine().getOut();
    Tail tail = new Tail(file, wanted, out);
    tail.printLast(Math.max(1, lines));
    while (follow) {
      if (!tail.printNew()) {
        TimeUnit.MILLISECONDS.sleep(200);
      }
    }
    return 0;
  }

  private void requireKnown() {
    List<String> known = new ArrayList<>(Catalogue.IDS);
    known.addAll(SERVERS);
    known.add("gateway");
    if (service != null && !known.contains(service)) {
      throw new CommandFailure(
          "there is no service '%s'%s".formatted(service, Suggestions.didYouMean(service, known)),
          CommandFailure.USAGE);
    }
  }

  /// The end of a file that grows, and that is moved away and begun again when it is large.
  private static final class Tail {
    private final Path file;
    private final @Nullable String wanted;
    private final PrintWriter out;
    private long at;
    private @Nullable Object key;

    Tail(Path file, @Nullable String wanted, PrintWriter out) {
      this.file = file;
      this.wanted = wanted;
      this.out = out;
    }

    void printLast(int lines) throws IOException {
      Deque<String> last = new ArrayDeque<>();
      read(line -> {
        last.add(line);
        if (last.size() > lines) {
          last.remove();
        }
      });
      last.forEach(out::println);
      if (last.isEmpty()) {
        out.println("nothing was logged" + (wanted == null ? "" : " by " + wanted));
      }
      out.flush();
    }

    /// Prints whole lines that were added; false when there were none.
    boolean printNew() throws IOException {
      if (!Files.exists(file)) {
        return false;
      }
      boolean any = read(out::println);
      out.flush();
      return any;
    }

    private boolean read(Consumer<String> take) throws IOException {
      Object now = Files.readAttributes(file, BasicFileAttributes.class).fileKey();
      if (!Objects.equals(now, key)) {
        key = now;
        at = 0;
      }
      long before = at;
      try (RandomAccessFile log = new RandomAccessFile(file.toFile(), "r")) {
        log.seek(at);
        // Of the file as it is now, so that a half-written line is left for the next time.
        InputStream rest = Channels.newInputStream(log.getChannel());
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        BufferedInputStream bytes = new BufferedInputStream(rest, 64 * 1024);
        for (int b = bytes.read(); b >= 0; b = bytes.read()) {
          if (b != '\n') {
            line.write(b);
            continue;
          }
          String text = line.toString(StandardCharsets.UTF_8);
          at += line.size() + 1;
          line.reset();
          if (wanted == null || text.contains(wanted)) {
            take.accept(text);
          }
        }
      }
      return at > before;
    }
  }
}
