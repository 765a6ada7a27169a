package vesper.npc;

import io.grpc.Channel;
import io.grpc.Context;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import vesper.ai.v1.AiGrpc;
import vesper.ai.v1.AnswerPath;
import vesper.ai.v1.DegradeReason;
import vesper.ai.v1.GenerateDone;
import vesper.ai.v1.GenerateFrame;
import vesper.ai.v1.GenerateRequest;
import vesper.ai.v1.ProposedAction;
import vesper.npc.Origin.Ending;

/// Asks for the words of a model, and hands them on as they come.
final class ModelVoice {
  private static final Logger LOG = LoggerFactory.getLogger(ModelVoice.class);

  private final AiGrpc.AiBlockingStub ai;
  private final Duration patience;
  private final Reach reach = new Reach();

  /// @param patience longest time that an answer may take
  ModelVoice(Channel channel, Duration patience) {
    this.ai = AiGrpc.newBlockingStub(channel);
    this.patience = patience;
  }

  /// Who hears the words.
  interface Hearer {
    /// Takes words. The first ones say that a model answers.
    void hear(AnswerPath path, String words);

    /// Whether nobody listens any more.
    boolean isGone();
  }

  /// Asks for words. Once some were heard the answer is a model's, however it ends: the closing
  /// line of the request ends it then.
  ///
  /// @throws StatusRuntimeException CANCELLED when nobody listens any more; the generation has
  ///   ended then
  Spoken speak(GenerateRequest request, Hearer hearer) {
    if (!reach.isWorthAsking()) {
      return new Spoken.Nothing(DegradeReason.DEGRADE_REASON_UNAVAILABLE);
    }
    var listening = Context.current().withCancellation();
    var before = listening.attach();
    var answer = new Speech(request.getFallback().getClosing(), hearer);
    try {
      var frames =
          ai.withDeadlineAfter(patience.toMillis(), TimeUnit.MILLISECONDS).streamGenerate(request);
      while (!hearer.isGone() && frames.hasNext()) {
        answer.take(frames.next());
      }
      reach.answered();
      return answer.end(Optional.empty());
    } catch (StatusRuntimeException e) {
      if (hearer.isGone()) {
        throw nobodyListens();
      }
      reach.failed(e);
      note(e);
      return answer.end(Optional.of(reason(e.getStatus())));
    } finally {
      listening.detach(before);
      // What is still being generated is for nobody.
      listening.cancel(null);
    }
  }

  private static StatusRuntimeException nobodyListens() {
    return Status.CANCELLED.withDescription("nobody listens").asRuntimeException();
  }

  private static DegradeReason reason(Status status) {
    return switch (status.getCode()) {
      case DEADLINE_EXCEEDED -> DegradeReason.DEGRADE_REASON_DEADLINE;
      case RESOURCE_EXHAUSTED -> DegradeReason.DEGRADE_REASON_RATE;
      default -> DegradeReason.DEGRADE_REASON_UNAVAILABLE;
    };
  }

  private static void note(StatusRuntimeException failure) {
    switch (failure.getStatus().getCode()) {
      case UNAVAILABLE, DEADLINE_EXCEEDED, RESOURCE_EXHAUSTED, CANCELLED -> {}
      default ->
          LOG.atWarn()
              .addKeyValue("status", failure.getStatus().getCode())
              .log("The door to the models refused a talk");
    }
  }

  /// The words of one answer so far.
  private static final class Speech {
    private final String closing;
    private final Hearer hearer;
    private final StringBuilder text = new StringBuilder();
    private AnswerPath path = AnswerPath.ANSWER_PATH_SCRIPTED;
    private Optional<GenerateDone> done = Optional.empty();

    Speech(String closing, Hearer hearer) {
      this.closing = closing;
      this.hearer = hearer;
    }

    void take(GenerateFrame frame) {
      switch (frame.getFrameCase()) {
        case STARTED -> path = frame.getStarted().getPath();
        case DELTA -> hear(frame.getDelta().getText());
        case DONE -> done = Optional.of(frame.getDone());
        case FRAME_NOT_SET -> {}
      }
    }

    private void hear(String words) {
      boolean byModel =
          path == AnswerPath.ANSWER_PATH_MODEL || path == AnswerPath.ANSWER_PATH_CACHED;
      if (byModel && !words.isEmpty()) {
        text.append(words);
        hearer.hear(path, words);
      }
    }

    Spoken end(Optional<DegradeReason> failure) {
      if (hearer.isGone()) {
        throw nobodyListens();
      }
      if (text.isEmpty()) {
        return new Spoken.Nothing(failure.orElseGet(this::reasonOfSilence));
      }
      if (done.isEmpty()) {
        // A model broke off without a word about it.
        if (!closing.isEmpty()) {
          hear((Character.isWhitespace(text.charAt(text.length() - 1)) ? "" : " ") + closing);
        }
        return words(
            GenerateDone.getDefaultInstance(),
            Ending.TRUNCATED,
            failure.orElse(DegradeReason.DEGRADE_REASON_UNAVAILABLE));
      }
      return words(done.get(), ending(done.get()), done.get().getReason());
    }

    private DegradeReason reasonOfSilence() {
      var told = done.map(GenerateDone::getReason).orElse(DegradeReason.DEGRADE_REASON_UNAVAILABLE);
      boolean byModel = path != AnswerPath.ANSWER_PATH_SCRIPTED;
      return byModel && told == DegradeReason.DEGRADE_REASON_UNSPECIFIED
          ? DegradeReason.DEGRADE_REASON_INVALID_OUTPUT
          : told;
    }

    private static Ending ending(GenerateDone done) {
      return switch (done.getFinish()) {
        case FINISH_GUARD -> Ending.GUARD;
        case FINISH_TRUNCATED, FINISH_CANCELLED -> Ending.TRUNCATED;
        default -> Ending.COMPLETE;
      };
    }

    private Spoken.Words words(GenerateDone end, Ending ending, DegradeReason reason) {
      return new Spoken.Words(
          text.toString(),
          path,
          reason,
          ending,
          end.getUsage().getInputTokens(),
          end.getUsage().getOutputTokens(),
          end.getCitationsList(),
          end.getActionsList().stream().map(Speech::proposal).toList());
    }

    private static Proposal proposal(ProposedAction action) {
      Map<String, Optional<Double>> arguments = new HashMap<>();
      action
          .getArguments()
          .getFieldsMap()
          .forEach((name, value) ->
              arguments.put(
                  name,
                  value.hasNumberValue() ? Optional.of(value.getNumberValue()) : Optional.empty()));
      return new Proposal(action.getKind(), arguments);
    }
  }
}
