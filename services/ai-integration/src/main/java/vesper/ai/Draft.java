package vesper.ai;

import com.google.protobuf.Duration;
import com.google.protobuf.util.Durations;
import com.google.protobuf.util.Timestamps;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import vesper.ai.v1.AnswerPath;
import vesper.ai.v1.Decision;
import vesper.ai.v1.DecisionStatus;
import vesper.ai.v1.GenerateDone;
import vesper.ai.v1.GenerateRequest;
import vesper.ai.v1.GenerateStarted;
import vesper.ai.v1.GenerateTimings;
import vesper.airouter.v1.RoutePlan;
import vesper.prompt.Prompt;
import vesper.prompt.Section;

/// The record of an answer while it comes about. For one thread.
final class Draft {
  private final Ask ask;
  private final Decision.Builder record = Decision.newBuilder();
  private final GenerateTimings.Builder timings = GenerateTimings.newBuilder();
  private final StringBuilder words = new StringBuilder();

  Draft(Ask ask, Instant now) {
    this.ask = ask;
    GenerateRequest request = ask.request();
    record
        .setDecisionId(ask.decision())
        .setWorldId(request.getWorldId())
        .setUseCase(request.getUseCase())
        .setPlayerId(request.getPlayerId())
        .setNpcId(request.getNpcId())
        .setConversationId(request.getConversationId())
        .setRequestId(ask.call().requestId())
        .setCaller(ask.caller())
        .setSla(request.getSla())
        .setRank(request.getRank())
        .setTier(request.getTier())
        .setParams(request.getParams())
        .setCreatedAt(Timestamps.fromMillis(now.toEpochMilli()));
  }

  /// What is being filled in.
  Decision.Builder record() {
    return record;
  }

  void routed(RoutePlan plan) {
    record
        .setTier(plan.getTier())
        .setImportance(plan.getImportance())
        .addAllRouteReasons(plan.getReasonsList());
  }

  void prepared() {
    timings.setPrepared(now());
  }

  /// Notes the prompt of the newest attempt.
  void prompted(Prompt prompt, Backend.Call call, Seed seed) {
    record.clearSections();
    for (Section section : prompt.sections()) {
      record
          .addSectionsBuilder()
          .setName(section.kind().label())
          .setSha256(section.sha256())
          .setTokens(section.tokens())
          .setText(section.text());
    }
    record.setPrefixSha256(prompt.prefixSha256()).setSeed(seed.sent());
    record
        .getParamsBuilder()
        .setMaxTokens(call.maxTokens())
        .setTemperature(call.temperature())
        .setTopP(call.topP());
  }

  /// Notes the first token of the attempt that may yet become the answer.
  void firstToken() {
    timings.setFirstToken(now());
  }

  void started(GenerateStarted started) {
    record
        .setPath(started.getPath())
        .setModel(started.getModel())
        .setEndpointId(started.getEndpointId());
    if (started.getPath() == AnswerPath.ANSWER_PATH_MODEL) {
      record.setTier(started.getTier());
    } else {
      timings.clearFirstToken();
    }
  }

  void said(String more) {
    if (words.isEmpty() && !more.isEmpty()) {
      timings.setFirstText(now());
    }
    words.append(more);
  }

  /// Returns what the asker is told at the end.
  GenerateDone done() {
    timings.setTotal(now());
    return GenerateDone.newBuilder()
        .setFinish(record.getFinish())
        .setReason(record.getReason())
        .setUsage(record.getUsage())
        .addAllVerdicts(record.getVerdictsList())
        .addAllActions(record.getActionsList())
        .addAllCitations(record.getCitationsList())
        .setTimings(timings)
        .setCharacters(words.length())
        .build();
  }

  /// Returns the record.
  Decision finish(DecisionStatus status) {
    if (!timings.hasTotal()) {
      timings.setTotal(now());
    }
    String output = words.toString();
    return record
        .setStatus(status)
        .setTimings(timings)
        .setOutput(output)
        .setOutputSha256(sha256(output))
        .build();
  }

  private Duration now() {
    return Durations.fromNanos(ask.elapsed());
  }

  private static String sha256(String text) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java platform has SHA-256", e);
    }
  }
}
