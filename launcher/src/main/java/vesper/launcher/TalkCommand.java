package vesper.launcher;

import io.grpc.Channel;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.UserInterruptException;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import vesper.auth.v1.TokenPair;
import vesper.npc.v1.ListNpcsRequest;
import vesper.npc.v1.Npc;
import vesper.npc.v1.NpcsGrpc;

/// Talks with an NPC at the terminal, as a player.
@Command(
    name = "talk",
    description = "Talks with somebody of the world.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Examples:",
      "  ./vesper talk                                   who is there",
      "  ./vesper talk NPC                               a talk; an empty line or Ctrl-D ends it",
      "  ./vesper talk NPC --player mira --say 'Hello.'  one sentence, one answer",
      "  ./vesper talk NPC --say 'Hello.' --trace        and where the time went",
      "  ./vesper talk NPC --explain                     and how each answer came about"
    })
final class TalkCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private SystemOptions options = new SystemOptions();

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "NPC",
      description = "Whom to talk with; absent: list everybody.")
  private @Nullable String npc;

  @Option(
      names = "--player",
      paramLabel = "NAME",
      defaultValue = "guest",
      description = "Who you are (default: ${DEFAULT-VALUE}). Each name is an account of its own.")
  private String player = "guest";

  @Option(names = "--say", paramLabel = "TEXT", description = "Say this, print the answer, leave.")
  private @Nullable String say;

  @Option(
      names = "--trace",
      description = "After each answer print what it passed through, with timings.")
  private boolean trace;

  @Option(
      names = "--explain",
      description =
          "After each answer print how it came about: model, memories, passages, guard, tokens.")
  private boolean explain;

  @Override
  public Integer call() throws IOException {
    RunningSystem system = options.running();
    PlayerCredential credential = PlayerCredential.of(options.dataDirectory(), player);
    try (GatewayClient gateway = new GatewayClient(system.gateway())) {
      TokenPair tokens = credential.login(gateway, system.world());
      Channel channel = gateway.as(tokens.getAccessToken());
      PrintWriter out = spec.commandLine().getOut();
      if (npc == null) {
        listEverybody(channel, system.world(), out);
        return 0;
      }
      Explanation explanation =
          explain
              ? new Explanation(gateway.as(Operator.token(options.dataDirectory())), out)
              : null;
      Talk talk = new Talk(channel, system, npc, out, new Talk.After(trace, explanation));
      if (say == null) {
        interact(talk, out);
      } else {
        talk.say(say);
      }
    }
    return 0;
  }

  private static void listEverybody(Channel channel, String world, PrintWriter out) {
    NpcsGrpc.newBlockingStub(channel)
        .withDeadlineAfter(java.time.Duration.ofSeconds(5))
        .listNpcs(ListNpcsRequest.newBuilder().setWorldId(world).setPageSize(500).build())
        .getNpcsList()
        .forEach((Npc one) ->
            out.printf(
                "%-22s %s, %s. %s%n",
                one.getNpcId(), one.getName(), one.getTitle(), one.getPlace()));
    out.println();
    out.println("Talk with one of them: ./vesper talk NPC");
  }

  private static void interact(Talk talk, PrintWriter out) throws IOException {
    try (Terminal terminal = TerminalBuilder.builder().system(true).dumb(true).build()) {
      LineReader reader = LineReaderBuilder.builder().terminal(terminal).build();
      while (true) {
        String line;
        try {
          line = reader.readLine("you> ");
        } catch (EndOfFileException | UserInterruptException leave) {
          out.println();
          return;
        }
        if (line.isBlank()) {
          return;
        }
        if (talk.say(line.strip())) {
          return;
        }
      }
    }
  }
}
