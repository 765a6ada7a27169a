package vesper.npc;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import vesper.ai.v1.GenerateRequest;
import vesper.guard.ClosedTerms;
import vesper.kb.v1.Authority;
import vesper.kb.v1.SearchKnowledgeResponse;
import vesper.memory.Memory;
import vesper.memory.Recall.Recalled;
import vesper.memory.Score;
import vesper.npc.Conversation.Pair;

/// What is closed to the person or the player is in nothing that is said, cited or told to a model.
class SecrecyTest {
  private static final List<String> NAMES =
      List.of(
          "Ebb Loan", "Marrow Key", "Cinder Clerk", "Glass Tenant", "Sallow Bell", "Hollow Writ");
  private static final KnowledgeReader READER =
      new KnowledgeReader(new Silence(), Duration.ofSeconds(1));

  /// A section of a document: what it names, and whether it is closed.
  record Section(String name, boolean closed, boolean rumour) {
    String text() {
      return "The %s was signed in the cellar of the river house. Nobody has seen the %s since."
          .formatted(name, name);
    }
  }

  /// What a knowledge-base knows, and what it was asked.
  record Case(List<Section> sections, String question, long seed) {
    List<String> closed() {
      return sections.stream().filter(Section::closed).map(Section::name).toList();
    }
  }

  @Provide
  Arbitrary<Case> cases() {
    var flags = Arbitraries.of(true, false);
    var sections =
        Combinators.combine(flags, flags)
            .as((closed, rumour) -> new Section("", closed, rumour))
            .list()
            .ofSize(NAMES.size())
            .map(list -> {
              List<Section> named = new ArrayList<>();
              for (int i = 0; i < list.size(); i++) {
                named.add(new Section(NAMES.get(i), list.get(i).closed(), list.get(i).rumour()));
              }
              return List.copyOf(named);
            });
    var questions =
        Combinators.combine(
                Arbitraries.of(
                    "What is the %s?",
                    "Tell me about the %s.",
                    "Is the %s in the river house?",
                    "What is happening with the %s?",
                    "What do you see?",
                    "Hello.",
                    "My name is Ilse. Who signed the %s?"),
                Arbitraries.of(NAMES))
            .as(String::formatted);
    return Combinators.combine(sections, questions, Arbitraries.longs()).as(Case::new);
  }

  @Property(tries = 300)
  void whatIsClosed_isNeitherSaidNorCitedNorTold(@ForAll("cases") Case given) {
    var part = Rehearsal.SAMPLE.find("mara-vey").orElseThrow();
    var draft = draft(part, given);
    var exchange = draft.scripted(vesper.ai.v1.DegradeReason.DEGRADE_REASON_UNSPECIFIED);
    var request = PromptWriter.request(draft, "en", Speaker.closing(draft));

    var closed = ClosedTerms.of(given.closed());
    assertThat(closed.find(exchange.turn().answer())).as(exchange.turn().answer()).isEmpty();
    assertThat(closed.find(request.getFallback().getClosing())).isEmpty();
    assertThat(exchange.turn().origin().citations())
        .allSatisfy(citation -> assertThat(closed.find(citation.title())).isEmpty());
    var told = told(request);
    assertThat(closed.find(told)).as(told).isEmpty();
    assertThat(request.getClosedTermsList()).containsExactlyInAnyOrderElementsOf(given.closed());
  }

  /// All that a model is told, but for the player's own words.
  private static String told(GenerateRequest request) {
    return request.getPrompt().toBuilder().clearPlayerInput().build()
        + request.getFallback().getText();
  }

  private static Draft draft(Part part, Case given) {
    var pair = new Pair("w", "mara-vey", "p");
    var now = Instant.parse("2026-01-01T00:00:00Z");
    var ids = new AtomicInteger();
    var before =
        new Encounter(
            Conversation.begun("c" + given.seed(), pair, now),
            List.of(),
            Set.of(),
            true,
            KnownFacts.NONE,
            Optional.empty());
    return Draft.of(
        Rehearsal.SAMPLE,
        part,
        before,
        given.question(),
        new Exchange.Now(
            Optional.of(Rehearsal.EVENING), 25_200, now, () -> "id" + ids.incrementAndGet(), 30),
        new Surroundings(READER.lore(found(given)), state(given), memories(given)));
  }

  /// What a knowledge-base answers: passages of open sections alone.
  private static SearchKnowledgeResponse found(Case given) {
    var response = SearchKnowledgeResponse.newBuilder().addAllClosedTerms(given.closed());
    given.sections().stream()
        .filter(section -> !section.closed())
        .forEach(section ->
            response.addHits(
                Library.hit(
                    "d#" + section.name(),
                    "The cellar papers",
                    section.text(),
                    section.rumour() ? Authority.AUTHORITY_RUMOUR : Authority.AUTHORITY_CANON)));
    return response.build();
  }

  /// The world and the person's memories know no secrets: they name whatever there is.
  private static List<StateFact> state(Case given) {
    return given.sections().stream()
        .map(section ->
            new StateFact(
                section.name() + "@1",
                "The %s lies on the table.".formatted(section.name()),
                section.rumour() ? StateFact.Kind.SAID : StateFact.Kind.SEEN,
                1,
                Keywords.of(section.name() + " river house")))
        .toList();
  }

  private static List<Memories.Found> memories(Case given) {
    return given.sections().stream()
        .map(section -> {
          var memory =
              new Memory(
                  "m" + section.name(),
                  Memory.Kind.OBSERVATION,
                  "I once held the %s.".formatted(section.name()),
                  5,
                  0,
                  0,
                  false,
                  false);
          return new Memories.Found(
              new MemoryTable.Stored("p", new Remembered(memory, Optional.empty())),
              new Recalled(memory, new Score(1, 1, 1)));
        })
        .toList();
  }
}
