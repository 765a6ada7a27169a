package vesper.launcher;

import io.grpc.Channel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.MetadataUtils;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.UUID;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import vesper.npc.v1.ConverseEvent;
import vesper.npc.v1.ConverseRequest;
import vesper.npc.v1.NpcsGrpc;

/// One talk at the terminal: what is said goes to the gateway, what comes back is printed as it
/// comes.
final class Talk {
  private static final Duration ANSWER_WITHIN = Duration.ofSeconds(20);
  private static final int ATTEMPTS = 3;

  private final NpcsGrpc.NpcsBlockingStub npcs;
  private final RunningSystem system;
  private final String npc;
  private final PrintWriter out;
  private final After after;
  private final RandomGenerator random = RandomGenerator.of("L64X128MixRandom");
  private String conversation = "";

  /// What is printed after each answer.
  ///
  /// @param trace what it passed through
  /// @param explanation how it came about, if wanted
  record After(boolean trace, @Nullable Explanation explanation) {}

  Talk(Channel channel, RunningSystem system, String npc, PrintWriter out, After after) {
    this.npcs = NpcsGrpc.newBlockingStub(channel);
    this.system = system;
    this.npc = npc;
    this.out = out;
    this.after = after;
  }

  /// Says one thing and prints the answer; true when the talk is over. A lost answer is asked for
  /// again under the same idempotency key, so nothing is said twice.
  boolean say(String words) {
    String key = UUID.randomUUID().toString();
    byte[] ids = new byte[24];
    random.nextBytes(ids);
    String traceId = HexFormat.of().formatHex(ids, 0, 16);
    Metadata headers = new Metadata();
    headers.put(GatewayClient.IDEMPOTENCY_KEY, key);
    headers.put(
        GatewayClient.TRACEPARENT,
        "00-%s-%s-01".formatted(traceId, HexFormat.of().formatHex(ids, 16, 24)));
    for (int attempt = 1; ; attempt++) {
      Answer answer = new Answer();
      try {
        Iterator<ConverseEvent> events =
            npcs.withDeadlineAfter(ANSWER_WITHIN)
                .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers))
                .converse(
                    ConverseRequest.newBuilder()
                        .setWorldId(system.world())
                        .setNpcId(npc)
                        .setConversationId(conversation)
                        .setUtterance(words)
                        .build());
        while (events.hasNext()) {
          answer.show(events.next());
        }
        if (after.explanation() != null) {
          after.explanation().print(system.world(), answer.conversation, answer.decision);
        }
        if (after.trace()) {
          TracePrinter.print(system.management(), traceId, out);
        }
        return answer.over;
      } catch (StatusRuntimeException failure) {
        if (answer.started) {
          out.println();
        }
        boolean mayHelp =
            failure.getStatus().getCode() == Status.Code.UNAVAILABLE
                || failure.getStatus().getCode() == Status.Code.ABORTED;
        if (!mayHelp || attempt == ATTEMPTS) {
          throw failure;
        }
      }
    }
  }

  private final class Answer {
    private boolean started;
    private boolean over;
    private String conversation = "";
    private String decision = "";

    void show(ConverseEvent event) {
      switch (event.getEventCase()) {
        case STARTED -> {
          started = true;
          conversation = event.getStarted().getConversationId();
          Talk.this.conversation = conversation;
          out.print(event.getStarted().getNpcName() + ": ");
        }
        case TEXT -> out.print(event.getText().getText());
        case ENDED -> {
          out.println();
          over = event.getEnded().getConversationOver();
          decision = event.getEnded().getDecisionId();
          if (over) {
            Talk.this.conversation = "";
          }
        }
        case CITATION -> {
          out.println();
          out.printf(
              "    [%d] %s: %s",
              event.getCitation().getNumber(),
              event.getCitation().getTitle(),
              system.gateway().resolve(event.getCitation().getPath()));
        }
        case EMOTION, ACTION, EVENT_NOT_SET -> {
          return;
        }
      }
      out.flush();
    }
  }
}
