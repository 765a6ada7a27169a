package vesper.launcher;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.JsonFormat;
import com.google.protobuf.util.Timestamps;
import io.grpc.Channel;
import java.io.PrintWriter;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import vesper.ai.v1.AiGrpc;
import vesper.ai.v1.Decision;
import vesper.ai.v1.GetDecisionRequest;
import vesper.ai.v1.ListDecisionsRequest;

/// Shows how answers came about.
@Command(
    name = "decisions",
    description = "Lists the records of the last answers, or shows one.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Examples:",
      "  ./vesper decisions                   the last answers, newest first",
      "  ./vesper decisions --npc mara-vey    those of one NPC",
      "  ./vesper decisions ID                one, with what the model was told",
      "  ./vesper decisions ID --json         the same for programs"
    })
final class DecisionsCommand implements Callable<Integer> {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("HH:mm:ss").withZone(ZoneId.systemDefault());

  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private SystemOptions options = new SystemOptions();

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "ID",
      description = "Record id; absent: the last ones.")
  private @Nullable String id;

  @Option(names = "--npc", paramLabel = "NPC", description = "Only answers of this NPC.")
  private String npc = "";

  @Option(names = "--player", paramLabel = "ID", description = "Only answers to this player id.")
  private String player = "";

  @Option(
      names = {"-n", "--limit"},
      paramLabel = "N",
      defaultValue = "20",
      description = "How many (default: ${DEFAULT-VALUE}, at most 500).")
  private int limit = 20;

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Override
  public Integer call() throws InvalidProtocolBufferException {
    if (limit < 1 || limit > 500) {
      throw new CommandFailure("--limit takes 1 to 500, not " + limit, CommandFailure.USAGE);
    }
    RunningSystem system = options.running();
    PrintWriter out = spec.commandLine().getOut();
    try (GatewayClient gateway = new GatewayClient(system.gateway())) {
      Channel channel = gateway.as(Operator.token(options.dataDirectory()));
      AiGrpc.AiBlockingStub ai =
          AiGrpc.newBlockingStub(channel).withDeadlineAfter(5, TimeUnit.SECONDS);
      if (id == null) {
        list(ai, out);
      } else {
        show(
            ai.getDecision(GetDecisionRequest.newBuilder().setDecisionId(id).build()),
            channel,
            out);
      }
    }
    out.flush();
    return 0;
  }

  private void list(AiGrpc.AiBlockingStub ai, PrintWriter out)
      throws InvalidProtocolBufferException {
    List<Decision> found =
        ai.listDecisions(
                ListDecisionsRequest.newBuilder()
                    .setNpcId(npc)
                    .setPlayerId(player)
                    .setPageSize(limit)
                    .build())
            .getDecisionsList();
    if (json) {
      for (Decision decision : found) {
        out.println(JsonFormat.printer().omittingInsignificantWhitespace().print(decision));
      }
      return;
    }
    if (found.isEmpty()) {
      out.println(
          npc.isEmpty() && player.isEmpty()
              ? "no answer was recorded yet; try ./vesper talk"
              : "no record fits; ./vesper decisions lists all, --json shows their player ids");
      return;
    }
    out.printf("%-8s  %-36s  %-16s %8s  %s%n", "TIME", "RECORD", "NPC", "TOOK", "ANSWER");
    for (Decision decision : found) {
      out.printf(
          "%-8s  %-36s  %-16s %8s  %s%n",
          TIME.format(Instant.ofEpochMilli(Timestamps.toMillis(decision.getCreatedAt()))),
          decision.getDecisionId(),
          decision.getNpcId(),
          Explanation.millis(decision.getTimings().getTotal()),
          Explanation.headline(decision));
    }
  }

  private void show(Decision decision, Channel channel, PrintWriter out)
      throws InvalidProtocolBufferException {
    if (json) {
      out.println(JsonFormat.printer().print(decision));
      return;
    }
    new Explanation(channel, out).print(decision);
    decision
        .getSectionsList()
        .forEach(section ->
            out.printf(
                "%n[%s · %d tokens · %s]%n%s%n",
                section.getName(),
                section.getTokens(),
                section.getSha256().substring(0, Math.min(12, section.getSha256().length())),
                section.getText()));
    out.printf("%n[output]%n%s%n", decision.getOutput());
  }
}
