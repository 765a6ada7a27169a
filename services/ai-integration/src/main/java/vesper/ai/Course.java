package vesper.ai;

import io.grpc.Status;
import java.util.List;
import java.util.Optional;
import vesper.ai.v1.AnswerPath;
import vesper.ai.v1.DecisionStatus;
import vesper.ai.v1.DegradeReason;
import vesper.ai.v1.Finish;
import vesper.ai.v1.GenerateDone;
import vesper.ai.v1.GenerateRequest;
import vesper.ai.v1.GenerateStarted;
import vesper.ai.v1.GuardAction;
import vesper.airouter.v1.OutcomeResult;
import vesper.airouter.v1.RouteCandidate;
import vesper.airouter.v1.RoutePlan;
import vesper.guard.ClosedTerms;
import vesper.guard.InputGuard;
import vesper.guard.OutputRules;
import vesper.guard.Release;
import vesper.guard.StreamGuard;
import vesper.guard.Verdict;
import vesper.prompt.TokenCounter;
import vesper.runtime.Refusal;

/// The course of one answer: guard, route, endpoints one after the other while there is time, and
/// at last the words that need no model. For one thread.
final class Course {
  private static final int MOST_ATTEMPTS = 4;
  private static final int INPUT_CHARS = 1_000;
  private static final int CHARS_PER_TOKEN = 8;
  private static final InputGuard INPUT = new InputGuard(INPUT_CHARS, List.of());

  private final Means means;
  private final Ask ask;
  private final Audience audience;
  private final DecisionLog decisions;
  private final Draft draft;
  private boolean started;

  Course(Means means, Ask ask, Audience audience, DecisionLog decisions, Draft draft) {
    this.means = means;
    this.ask = ask;
    this.audience = audience;
    this.decisions = decisions;
    this.draft = draft;
  }

  Means means() {
    return means;
  }

  Ask ask() {
    return ask;
  }

  Audience audience() {
    return audience;
  }

  Draft draft() {
    return draft;
  }

  /// Answers.
  ///
  /// @throws io.grpc.StatusRuntimeException CANCELLED when nobody listens any more
  void run() throws InterruptedException {
    GenerateRequest request = ask.request();
    if (request.getForced() != DegradeReason.DEGRADE_REASON_UNSPECIFIED) {
      script(request.getForced());
      return;
    }
    InputGuard.Checked checked = INPUT.check(request.getPrompt().getPlayerInput());
    checked.verdicts().forEach(this::note);
    if (checked.blocked()) {
      script(DegradeReason.DEGRADE_REASON_INJECTION);
      return;
    }
    Optional<RoutePlan> plan = plan(checked.text());
    plan.ifPresent(draft::routed);
    draft.prepared();
    DegradeReason missed = DegradeReason.DEGRADE_REASON_UNAVAILABLE;
    if (plan.isPresent()) {
      Optional<DegradeReason> none = follow(plan.get(), checked.text());
      if (none.isEmpty()) {
        return;
      }
      missed = none.get();
    }
    script(missed);
  }

  /// Hands words of a model on.
  void say(List<String> words, RouteCandidate candidate) {
    for (String segment : words) {
      if (!started) {
        begin(
            GenerateStarted.newBuilder()
                .setPath(AnswerPath.ANSWER_PATH_MODEL)
                .setTier(candidate.getTier())
                .setModel(candidate.getEndpoint().getModel())
                .setEndpointId(candidate.getEndpoint().getEndpointId()));
      }
      draft.said(segment);
      audience.say(segment);
    }
  }

  private Optional<RoutePlan> plan(String input) {
    return means
        .planner()
        .plan(ask, means.prompts().least(ask, input), means.prompts().affinity(ask));
  }

  /// Tries the endpoints of a plan; returns why none of them answered, or nothing when one did.
  private Optional<DegradeReason> follow(RoutePlan plan, String input) throws InterruptedException {
    TierConfig tier = TierConfig.of(means.config(), plan.getTier());
    Limits limits = Limits.of(ask, tier);
    List<RouteCandidate> candidates =
        plan.getCandidatesList().stream().limit(MOST_ATTEMPTS).toList();
    DegradeReason missed = DegradeReason.DEGRADE_REASON_UNAVAILABLE;
    PromptMaker.Made.TooLong tooLong = null;
    boolean refused = false;
    long due = System.nanoTime();
    for (int i = 0; i < candidates.size(); i++) {
      RouteCandidate candidate = candidates.get(i);
      due += step(tier, candidate, i).toNanos();
      if (refused && !candidate.getDownTier()) {
        continue;
      }
      boolean last = i == candidates.size() - 1;
      long until = last || due - limits.firstText() > 0 ? limits.firstText() : due;
      long now = System.nanoTime();
      if (until - now <= 0) {
        missed = DegradeReason.DEGRADE_REASON_DEADLINE;
        continue;
      }
      boolean fair = until - now >= tier.primary().toNanos() / 2;
      Attempt.Time time = new Attempt.Time(until, limits, means.config().stream().stall(), fair);
      switch (attempt(candidate, input, tier, time)) {
        case Tried.Answered _ -> {
          return Optional.empty();
        }
        case Tried.TooLong(var made) -> tooLong = made;
        case Tried.Missed(var failure) -> {
          missed = failure.reason();
          if (failure.equals(Failure.GUARD)) {
            return Optional.of(missed);
          }
          refused |= failure.result() == OutcomeResult.OUTCOME_RESULT_REFUSED;
        }
      }
    }
    if (tooLong != null && draft.record().getAttemptsCount() == 0) {
      throw Refusal.invalid(
          "prompt",
          "what may not be left out has %d tokens, and %d fit"
              .formatted(tooLong.least(), tooLong.budget()));
    }
    return Optional.of(missed);
  }

  /// What became of one candidate.
  private sealed interface Tried {
    /// The answer was given.
    record Answered() implements Tried {}

    /// Nothing was shown.
    record Missed(Failure failure) implements Tried {}

    /// It was not asked, since the prompt does not fit.
    record TooLong(PromptMaker.Made.TooLong made) implements Tried {}
  }

  private static java.time.Duration step(TierConfig tier, RouteCandidate candidate, int index) {
    if (index == 0) {
      return tier.primary();
    }
    return candidate.getDownTier() ? tier.below() : tier.other();
  }

  private Tried attempt(RouteCandidate candidate, String input, TierConfig tier, Attempt.Time time)
      throws InterruptedException {
    Endpoints.Place place = means.endpoints().place(candidate.getEndpoint());
    Backend backend = place.backend();
    Seed seed = Seed.of(ask.request(), ask.decision(), draft.record().getAttemptsCount() + 1);
    TokenCounter counter = backend == null ? TokenCounter.THIRDS : backend.counter();
    PromptMaker.Made made =
        means.prompts().make(new PromptMaker.For(ask, input, seed), candidate, counter, tier);
    switch (made) {
      case PromptMaker.Made.TooLong tooLong -> {
        return new Tried.TooLong(tooLong);
      }
      case PromptMaker.Made.Ready ready -> {
        Words words = words(seed, ready.call().maxTokens());
        Attempt attempt = new Attempt(this, candidate, words, time);
        draft.prompted(ready.prompt(), ready.call(), seed);
        Attempt.Ended ended =
            backend == null
                ? attempt.fail(place.failure())
                : attempt.run(place, backend, ready.call(), ready.prompt().tokens());
        return end(ended, attempt, words, candidate);
      }
    }
  }

  private Words words(Seed seed, int maxTokens) {
    var foundation = means.prompts().foundation(ask);
    OutputRules rules =
        OutputRules.standard()
            .closing(ClosedTerms.of(ask.request().getClosedTermsList()))
            .hiding(List.of(foundation.rules(), foundation.rating()))
            .delimitedBy(List.of(means.prompts().mark(seed).text()));
    AiConfig.Stream stream = means.config().stream();
    int chars = Math.max(Release.STANDARD.maxChars(), maxTokens * CHARS_PER_TOKEN);
    Release release =
        new Release(
            stream.clauseChars(), stream.holdChars(), stream.tailChars(), stream.hold(), chars);
    return new Words(
        ask.request(),
        rules,
        ask.visible() ? Optional.of(new StreamGuard(rules, release)) : Optional.empty());
  }

  /// Ends the answer after an attempt, unless nothing was shown of it.
  private Tried end(Attempt.Ended ended, Attempt attempt, Words words, RouteCandidate candidate)
      throws InterruptedException {
    Failure failure = ended.failure();
    draft.record().addAllVerdicts(words.verdicts());
    if (audience.gone()) {
      draft.record().setFinish(Finish.FINISH_CANCELLED).setUsage(attempt.usage());
      throw Status.CANCELLED.withDescription("nobody listens").asRuntimeException();
    }
    if (failure != null && words.shown().isEmpty()) {
      return new Tried.Missed(failure);
    }
    draft
        .record()
        .setUsage(attempt.usage())
        .addAllActions(words.actions())
        .addAllCitations(words.citations());
    if (failure == null) {
      draft
          .record()
          .setFinish(ended.cut() ? Finish.FINISH_LENGTH : Finish.FINISH_COMPLETE)
          .setReason(
              candidate.getDownTier()
                  ? DegradeReason.DEGRADE_REASON_DOWN_TIER
                  : DegradeReason.DEGRADE_REASON_UNSPECIFIED);
    } else {
      String closing = Lines.closing(ask.request(), words.shown());
      draft.said(closing);
      audience.say(closing);
      draft
          .record()
          .setFinish(failure.equals(Failure.GUARD) ? Finish.FINISH_GUARD : Finish.FINISH_TRUNCATED)
          .setReason(failure.reason());
    }
    finish();
    return new Tried.Answered();
  }

  /// Gives the words that need no model.
  private void script(DegradeReason reason) throws InterruptedException {
    draft.record().setReason(reason);
    if (ask.request().getRequireModel()) {
      throw Refusal.precondition(
          "NO_MODEL", "no model answered: " + reason.name().substring("DEGRADE_REASON_".length()));
    }
    begin(GenerateStarted.newBuilder().setPath(AnswerPath.ANSWER_PATH_SCRIPTED));
    String words = Lines.answer(ask.request());
    draft.said(words);
    audience.say(words);
    draft.record().setFinish(Finish.FINISH_COMPLETE);
    finish();
  }

  private void begin(GenerateStarted.Builder frame) {
    started = true;
    GenerateStarted complete = frame.setDecisionId(ask.decision()).build();
    draft.started(complete);
    audience.start(complete);
  }

  private void finish() throws InterruptedException {
    audience.drain();
    if (audience.gone()) {
      draft.record().setFinish(Finish.FINISH_CANCELLED);
      throw Status.CANCELLED.withDescription("nobody listens").asRuntimeException();
    }
    GenerateDone done = draft.done();
    decisions.add(draft.finish(DecisionStatus.DECISION_STATUS_DONE));
    audience.end(done);
  }

  private void note(Verdict verdict) {
    draft
        .record()
        .addVerdictsBuilder()
        .setRule(verdict.rule())
        .setPlace("input")
        .setAction(
            switch (verdict.action()) {
              case ALLOW -> GuardAction.GUARD_ACTION_ALLOW;
              case NEUTRALISE -> GuardAction.GUARD_ACTION_NEUTRALISE;
              case BLOCK -> GuardAction.GUARD_ACTION_BLOCK;
            });
  }
}
