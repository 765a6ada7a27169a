package vesper.launcher;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// Lists dead letters, shows one, and decides what becomes of them.
@Command(
    name = "dlq",
    description = "Lists events that a consumer could not handle (dead letters).",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "[COMMAND]",
    footer = {
      "",
      "Examples:",
      "  ./vesper events dlq                          all dead letters, by consumer",
      "  ./vesper events dlq show 17                  one, with its event and what went wrong",
      "  ./vesper events dlq replay 17 18             have them handled again, once that is repaired",
      "  ./vesper events dlq replay --consumer npc-behavior__world__flag_changed --dry-run",
      "  ./vesper events dlq discard 17 --reason 'the world is gone'"
    })
final class DlqCommand implements Callable<Integer> {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss").withZone(ZoneId.systemDefault());
  private static final int MOST_REPLAYS = 2;

  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private SystemOptions options = new SystemOptions();

  @Option(names = "--consumer", paramLabel = "C", description = "Only letters of this consumer.")
  private @Nullable String consumer;

  @Option(names = "--json", description = "Print JSON, one letter on a line.")
  private boolean json;

  /// What is done with the letters of a system.
  @FunctionalInterface
  private interface Action {
    void with(DeadLetterBox box) throws IOException, JetStreamApiException, InterruptedException;
  }

  @Override
  public Integer call() throws InterruptedException {
    PrintWriter out = spec.commandLine().getOut();
    open(
        options,
        box -> {
          List<DeadLetter> letters = consumer == null ? box.list() : box.of(consumer);
          if (json) {
            ObjectMapper mapper = new ObjectMapper();
            for (DeadLetter letter : letters) {
              out.println(mapper.writeValueAsString(fields(letter)));
            }
          } else if (letters.isEmpty()) {
            out.println("no dead letters: every event was handled");
          } else {
            print(letters, out);
          }
        });
    out.flush();
    return 0;
  }

  private static void print(List<DeadLetter> letters, PrintWriter out) {
    Map<String, List<DeadLetter>> byConsumer = new TreeMap<>();
    letters.forEach(letter ->
        byConsumer.computeIfAbsent(letter.consumer(), _ -> new ArrayList<>()).add(letter));
    byConsumer.forEach((name, its) -> {
      out.printf("%s · %d %s%n", name, its.size(), its.size() == 1 ? "letter" : "letters");
      out.printf(
          "  %6s  %-30s  %-16s  %-24s %5s  %s%n",
          "ID", "EVENT", "WORLD", "ERROR", "TRIES", "FIRST FAILED");
      its.forEach(letter ->
          out.printf(
              "  %6d  %-30s  %-16s  %-24s %5s  %s%n",
              letter.id(),
              letter.event(),
              letter.world(),
              letter.error(),
              letter.deliveries(),
              local(letter.firstFailedAt())));
    });
    out.printf("%nMore: ./vesper events dlq show ID%n");
  }

  private static String local(String instant) {
    try {
      return TIME.format(Instant.parse(instant));
    } catch (DateTimeParseException unknown) {
      return instant;
    }
  }

  private static Map<String, Object> fields(DeadLetter letter) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("id", letter.id());
    fields.put("consumer", letter.consumer());
    fields.put("event", letter.event());
    fields.put("eventId", letter.eventId());
    fields.put("world", letter.world());
    fields.put("error", letter.error());
    fields.put("errorText", letter.errorText());
    fields.put("deliveries", letter.deliveries());
    fields.put("firstFailedAt", letter.firstFailedAt());
    fields.put("replays", letter.replays());
    return fields;
  }

  // A NATS connection may be interrupted while it closes.
  @SuppressWarnings("try")
  private static void open(SystemOptions options, Action action) throws InterruptedException {
    RunningSystem system = options.running();
    DataDirectory data = options.dataDirectory();
    try (Connection nats = Broker.connect(data, system)) {
      action.with(new DeadLetterBox(nats, data.logs().resolve("dead-letters.log")));
    } catch (IOException failure) {
      throw new CommandFailure(
          "no connection to NATS at %s: %s".formatted(system.nats(), failure.getMessage()));
    } catch (JetStreamApiException refused) {
      throw new CommandFailure("NATS refuses: " + refused.getErrorDescription());
    }
  }

  @Command(
      name = "show",
      description = "Shows one dead letter: the event, what went wrong, the headers.",
      mixinStandardHelpOptions = true)
  int show(
      @Mixin SystemOptions system,
      @Parameters(paramLabel = "ID", description = "Number of the letter.") long id)
      throws InterruptedException {
    PrintWriter out = spec.commandLine().getOut();
    open(
        system,
        box -> {
          DeadLetter letter = box.get(id);
          out.printf("letter      %d%n", letter.id());
          out.printf("consumer    %s%n", letter.consumer());
          out.printf("error       %s%n", letter.error());
          if (!letter.errorText().isEmpty()) {
            out.printf("            %s%n", letter.errorText());
          }
          out.printf("deliveries  %s", letter.deliveries());
          out.println(letter.replays() == 0 ? "" : ", replayed before: " + letter.replays());
          out.printf("failed      %s%n", local(letter.firstFailedAt()));
          out.printf("stored as   %s%n", letter.place());
          out.printf("%n[event]%n%s%n", new EventJson().render(letter.original()));
          out.printf("%n[headers]%n");
          letter.headers().keySet().stream()
              .sorted()
              .forEach(name -> out.printf("%s: %s%n", name, letter.headers().getFirst(name)));
        });
    out.flush();
    return 0;
  }

  @Command(
      name = "replay",
      description = "Has events handled again by the consumer that could not; others skip them.",
      mixinStandardHelpOptions = true)
  int replay(
      @Mixin SystemOptions system,
      @Parameters(paramLabel = "ID", arity = "0..*", description = "Numbers of letters.")
          @Nullable List<Long> ids,
      @Option(names = "--consumer", paramLabel = "C", description = "All letters of a consumer.")
          @Nullable String of,
      @Option(names = "--dry-run", description = "Only say what would be replayed.") boolean dryRun,
      @Option(names = "--force", description = "Also what has failed three times.") boolean force)
      throws InterruptedException {
    List<Long> named = ids == null ? List.of() : ids;
    if (named.isEmpty() == (of == null)) {
      throw new CommandFailure(
          "replay takes either numbers of letters or --consumer", CommandFailure.USAGE);
    }
    PrintWriter out = spec.commandLine().getOut();
    List<Long> kept = new ArrayList<>();
    open(
        system,
        box -> {
          List<Long> all = of == null ? named : box.of(of).stream().map(DeadLetter::id).toList();
          List<DeadLetter> letters = new ArrayList<>();
          // All of them first: an unknown number changes nothing.
          for (long id : all) {
            letters.add(box.get(id));
          }
          for (DeadLetter letter : letters) {
            if (letter.replays() >= MOST_REPLAYS && !force) {
              kept.add(letter.id());
              out.printf(
                  "%d kept: it has failed %d times; --force replays it all the same%n",
                  letter.id(), letter.replays() + 1);
              continue;
            }
            if (!dryRun) {
              box.replay(letter);
            }
            out.printf(
                "%d %s for %s%n",
                letter.id(), dryRun ? "would be replayed" : "replayed", letter.consumer());
          }
        });
    out.flush();
    return kept.isEmpty() ? 0 : CommandFailure.FAILED;
  }

  @Command(
      name = "discard",
      description = "Removes dead letters for good.",
      mixinStandardHelpOptions = true)
  int discard(
      @Mixin SystemOptions system,
      @Parameters(paramLabel = "ID", arity = "1..*", description = "Numbers of letters.")
          List<Long> ids,
      @Option(
              names = "--reason",
              required = true,
              paramLabel = "TEXT",
              description = "Why; kept in logs/dead-letters.log of the data directory.")
          String reason)
      throws InterruptedException {
    if (reason.isBlank()) {
      throw new CommandFailure("--reason must say why", CommandFailure.USAGE);
    }
    PrintWriter out = spec.commandLine().getOut();
    open(
        system,
        box -> {
          List<DeadLetter> letters = new ArrayList<>();
          for (long id : ids) {
            letters.add(box.get(id));
          }
          for (DeadLetter letter : letters) {
            box.discard(letter, reason);
            out.printf("%d discarded%n", letter.id());
          }
        });
    out.flush();
    return 0;
  }
}
