package vesper.ai;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import vesper.ai.v1.GenerateRequest;
import vesper.ai.v1.GuardAction;
import vesper.ai.v1.GuardVerdict;
import vesper.ai.v1.Passage;
import vesper.ai.v1.ProposedAction;
import vesper.guard.OutputRules;
import vesper.guard.StreamGuard;
import vesper.guard.Verdict;

/// The way of a model's words to whoever reads them: what is proposed is taken out, what remains is
/// tidied, and nothing is handed on before the guard let it pass. Words that only services use are
/// handed on at once, and what the guard says to them is noted.
final class Words {
  private static final Logger LOG = LoggerFactory.getLogger(Words.class);
  private static final String OUTPUT = "output";

  private final OutputRules rules;
  private final Optional<StreamGuard> guard;
  private final ActionLines actions;
  private final Tidy tidy;
  private final StringBuilder shown = new StringBuilder();
  private boolean failed;

  /// @param rules that hold for the words
  /// @param guard that holds words back; none when nobody but services sees them
  Words(GenerateRequest request, OutputRules rules, Optional<StreamGuard> guard) {
    this.rules = rules;
    this.guard = guard;
    actions = new ActionLines(Set.copyOf(request.getAllowedActionsList()));
    tidy =
        new Tidy(
            request.getPrompt().getSpeaker(),
            request.getPrompt().getPassagesList().stream()
                .map(Passage::getNumber)
                .collect(Collectors.toUnmodifiableSet()));
  }

  /// Takes what the model wrote, and returns what may be shown now.
  List<String> accept(String token, long nowNanos) {
    return noted(pass(tidy.accept(actions.accept(token)), nowNanos));
  }

  /// Returns what may be shown because it was held long enough.
  List<String> tick(long nowNanos) {
    return noted(guarded(holding -> holding.tick(nowNanos)).orElse(List.of()));
  }

  /// Returns what may be shown of the rest.
  List<String> finish(long nowNanos) {
    List<String> rest =
        new ArrayList<>(pass(tidy.accept(actions.finish()) + tidy.finish(), nowNanos));
    guarded(StreamGuard::finish).ifPresent(rest::addAll);
    return noted(rest);
  }

  /// Whether the guard ended the words.
  boolean blocked() {
    return failed || guard.flatMap(StreamGuard::block).isPresent();
  }

  /// All that was returned.
  String shown() {
    return shown.toString();
  }

  List<ProposedAction> actions() {
    return actions.actions();
  }

  List<Integer> citations() {
    return tidy.cited();
  }

  /// What was found in the words, in order.
  List<GuardVerdict> verdicts() {
    List<GuardVerdict> found = new ArrayList<>();
    addCounted(found, "unknown-citation", tidy.removed());
    addCounted(found, "unknown-action", actions.refused());
    if (failed) {
      found.add(verdict("guard-error", GuardAction.GUARD_ACTION_BLOCK));
    }
    Optional<Verdict> verdict =
        guard.isPresent() ? guard.flatMap(StreamGuard::block) : rules.check(shown());
    verdict.ifPresent(ended ->
        found.add(
            verdict(
                ended.rule(),
                guard.isPresent()
                    ? GuardAction.GUARD_ACTION_BLOCK
                    : GuardAction.GUARD_ACTION_ALLOW)));
    return found;
  }

  private List<String> pass(String words, long nowNanos) {
    if (words.isEmpty()) {
      return List.of();
    }
    return guarded(holding -> holding.accept(words, nowNanos)).orElse(List.of(words));
  }

  /// Asks the guard, if there is one. Words that it cannot judge are not shown.
  private Optional<List<String>> guarded(Function<StreamGuard, List<String>> question) {
    if (guard.isEmpty()) {
      return Optional.empty();
    }
    if (failed) {
      return Optional.of(List.of());
    }
    try {
      return Optional.of(question.apply(guard.get()));
    } catch (RuntimeException e) {
      LOG.atError().setCause(e).log("The guard failed");
      failed = true;
      return Optional.of(List.of());
    }
  }

  private List<String> noted(List<String> segments) {
    segments.forEach(shown::append);
    return segments;
  }

  private static void addCounted(List<GuardVerdict> found, String rule, int count) {
    for (int i = 0; i < count; i++) {
      found.add(verdict(rule, GuardAction.GUARD_ACTION_NEUTRALISE));
    }
  }

  private static GuardVerdict verdict(String rule, GuardAction action) {
    return GuardVerdict.newBuilder().setRule(rule).setPlace(OUTPUT).setAction(action).build();
  }
}
