package vesper.npc;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import vesper.ai.v1.DegradeReason;
import vesper.ai.v1.Display;
import vesper.ai.v1.Fallback;
import vesper.ai.v1.GenerateRequest;
import vesper.ai.v1.NpcRank;
import vesper.ai.v1.Prompt;
import vesper.ai.v1.PromptTurn;
import vesper.ai.v1.Signals;
import vesper.ai.v1.Sla;
import vesper.ai.v1.Tier;
import vesper.memory.Memory;
import vesper.npc.Heard.Meaning;
import vesper.npc.KnownFacts.Known;
import vesper.pack.v1.Predicate;

/// Writes down what a model is asked for one turn. Nothing that must not be said is told it.
final class PromptWriter {
  private static final int TURNS = 20;
  private static final int STATE_FACTS = 12;
  private static final int PINNED = 20;
  private static final int LONGEST_INPUT = 1_000;
  private static final int LONGEST_FACT = 400;
  private static final int LONGEST_MEMORY = 1_000;
  private static final int LONGEST_WORDS = 4_000;
  private static final long HOUR = 3_600;
  private static final long DAY = 24 * HOUR;

  private final Draft draft;
  private final Lore lore;

  private PromptWriter(Draft draft) {
    this.draft = draft;
    lore = draft.around().lore();
  }

  /// Returns the request of a turn.
  ///
  /// @param closing line that ends words which a model cannot go on with; may be empty
  static GenerateRequest request(Draft draft, String locale, String closing) {
    return new PromptWriter(draft).request(locale, closing);
  }

  private GenerateRequest request(String locale, String closing) {
    var conversation = draft.before().conversation();
    var pair = conversation.pair();
    var request =
        GenerateRequest.newBuilder()
            .setWorldId(pair.world())
            .setUseCase("dialogue")
            .setPlayerId(pair.player())
            .setNpcId(pair.npc())
            .setConversationId(conversation.id())
            .setDecisionId(draft.decision())
            .setSla(Sla.SLA_INTERACTIVE)
            .setTier(Tier.TIER_SILVER)
            .setRank(NpcRank.NPC_RANK_MINOR)
            .setSignals(Signals.newBuilder().setAddressed(true))
            .setPrompt(prompt())
            .addAllAllowedActions(Proposal.ALLOWED)
            .setLocale(locale)
            .setFallback(
                Fallback.newBuilder()
                    .setText(Texts.cut(draft.answer().text(), LONGEST_WORDS))
                    .setClosing(Texts.cut(closing, LONGEST_FACT)))
            .setDisplay(Display.DISPLAY_PLAYER_VISIBLE);
    if (lore.known()) {
      request.addAllClosedTerms(lore.terms());
    } else {
      request.setForced(DegradeReason.DEGRADE_REASON_POLICY_MISSING);
    }
    return request.build();
  }

  private Prompt prompt() {
    var prompt =
        Prompt.newBuilder()
            .setPersona(draft.part().persona())
            .setSpeaker(draft.part().npc().getName())
            .addAllMemories(open(memories()).toList())
            .addAllPinned(open(pinned()).limit(PINNED).toList())
            .addAllStateFacts(open(state()).toList())
            .setPlayerInput(input());
    for (var passage : lore.passages()) {
      prompt
          .addPassagesBuilder()
          .setNumber(passage.citation().number())
          .setHeading(passage.citation().title())
          .setText(passage.text())
          .setRumour(passage.rumour());
    }
    var turns = draft.before().turns();
    for (var turn : turns.subList(Math.max(0, turns.size() - TURNS), turns.size())) {
      prompt.addTurns(said(false, turn.utterance())).addTurns(said(true, turn.answer()));
    }
    return prompt.build();
  }

  private Stream<String> open(Stream<String> texts) {
    return texts.filter(lore::isOpen);
  }

  private static PromptTurn said(boolean bySpeaker, String words) {
    return PromptTurn.newBuilder()
        .setBySpeaker(bySpeaker)
        .setText(Texts.cut(words, LONGEST_WORDS))
        .build();
  }

  private String input() {
    var words = Texts.cut(draft.utterance().verbatim(), LONGEST_INPUT);
    return words.isEmpty() ? "…" : words;
  }

  private Stream<String> memories() {
    return draft.around().memories().stream()
        .map(found -> found.recalled().memory())
        .map(memory ->
            Texts.shorten(
                memory.kind() == Memory.Kind.DIALOGUE
                    ? "%s the player said: “%s”".formatted(age(memory), memory.text())
                    : memory.text(),
                LONGEST_MEMORY));
  }

  private String age(Memory memory) {
    long age = draft.when().gameSeconds() - memory.createdAt();
    if (age < HOUR) {
      return "A moment ago";
    }
    if (age < DAY) {
      return "Earlier today";
    }
    long days = age / DAY;
    return days == 1 ? "Yesterday" : "%d days ago".formatted(days);
  }

  /// What the player is called and has promised.
  private Stream<String> pinned() {
    var known = draft.scene().known();
    return Stream.concat(
            known.name().stream().map("The player is called %s."::formatted),
            known.facts().stream()
                .map(Known::fact)
                .filter(fact -> fact.predicate() == Predicate.PREDICATE_PROMISE)
                .map(fact -> "You may tell the player: “You promised %s.”".formatted(fact.value())))
        .map(fact -> Texts.shorten(fact, LONGEST_FACT));
  }

  private Stream<String> state() {
    List<String> facts = new ArrayList<>();
    draft
        .when()
        .moment()
        .ifPresent(moment ->
            facts.add(
                "It is %s, %s, in %s, under %s."
                    .formatted(moment.clock(), moment.weekday(), moment.season(), moment.moon())));
    facts.add(acquaintance());
    facts.addAll(asked());
    var first = draft.scene().tidings().now();
    Stream.concat(first.stream(), draft.around().state().stream())
        .map(StateFact::text)
        .distinct()
        .limit(STATE_FACTS)
        .forEach(facts::add);
    return facts.stream().map(fact -> Texts.shorten(fact, LONGEST_FACT));
  }

  private String acquaintance() {
    var met =
        draft.before().firstMeeting()
            ? "You have not met this player before"
            : "You have talked with this player before";
    double standing = draft.scene().relation().standing();
    var feeling =
        standing <= -40
            ? "you cannot stand them"
            : standing <= -10
                ? "you do not trust them"
                : standing < 15
                    ? "you feel little about them"
                    : standing < 45 ? "you rather like them" : "you are fond of them";
    return "%s, and %s.".formatted(met, feeling);
  }

  /// What the person would say of the subject that was asked about, where it tells.
  private List<String> asked() {
    boolean quotes = !draft.answer().citations().isEmpty();
    return draft.heard().meaning() instanceof Meaning.AsksAbout && !quotes
        ? List.of("You would say something like this: “%s”".formatted(draft.answer().text()))
        : List.of();
  }
}
