package vesper.npc;

import io.grpc.Channel;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import vesper.guard.ClosedTermsCache;
import vesper.kb.v1.Asker;
import vesper.kb.v1.Authority;
import vesper.kb.v1.KnowledgeGrpc;
import vesper.kb.v1.KnowledgeHit;
import vesper.kb.v1.SearchKnowledgeRequest;
import vesper.kb.v1.SearchKnowledgeResponse;
import vesper.npc.Conversation.Pair;

/// Looks up what the world's documents say to a player's words, of what both the player and the
/// person may know.
final class KnowledgeReader {
  private static final Duration FIRST_PATIENCE = Duration.ofSeconds(1);
  private static final int PASSAGES = 5;
  private static final int TOKENS = 600;
  private static final int COMPILED = 256;
  private static final int LONGEST_QUERY = 1_000;
  private static final int LONGEST_HEADING = 400;
  private static final int LONGEST_PASSAGE = 8_000;
  private static final int MOST_TERMS = 1_000;
  private static final int LONGEST_TERM = 200;

  private final KnowledgeGrpc.KnowledgeBlockingStub knowledge;
  private final Duration patience;
  private final Reach reach = new Reach();
  private final ClosedTermsCache compiled = new ClosedTermsCache(COMPILED);

  KnowledgeReader(Channel channel, Duration patience) {
    this.knowledge = KnowledgeGrpc.newBlockingStub(channel);
    this.patience = patience;
  }

  /// Returns what is found, or [Lore#UNKNOWN] when nobody answers in time.
  Lore search(Pair pair, String words) {
    if (!reach.isWorthAsking()) {
      return Lore.UNKNOWN;
    }
    var limit = reach.hasAnswered() ? patience : FIRST_PATIENCE;
    try {
      var response =
          knowledge
              .withDeadlineAfter(limit.toMillis(), TimeUnit.MILLISECONDS)
              .searchKnowledge(
                  SearchKnowledgeRequest.newBuilder()
                      .setWorldId(pair.world())
                      .setQuery(Texts.cut(words, LONGEST_QUERY))
                      .setAsker(Asker.newBuilder().setNpcId(pair.npc()).setPlayerId(pair.player()))
                      .setLimit(PASSAGES)
                      .setTokenBudget(TOKENS)
                      .build());
      reach.answered();
      return lore(response);
    } catch (StatusRuntimeException e) {
      reach.failed(e);
      return Lore.UNKNOWN;
    }
  }

  /// Reads an answer of the knowledge-base.
  Lore lore(SearchKnowledgeResponse response) {
    var terms =
        response.getClosedTermsList().stream().filter(term -> !term.isBlank()).sorted().toList();
    boolean sayable =
        terms.size() <= MOST_TERMS
            && terms.stream().allMatch(term -> term.length() <= LONGEST_TERM);
    var closed = compiled.of(terms);
    List<Passage> passages = new ArrayList<>();
    for (var hit : response.getHitsList()) {
      var passage = passage(passages.size() + 1, hit);
      // What names something closed is not passed on, wherever it stands.
      if (closed.find(passage.citation().title() + ". " + passage.text()).isEmpty()) {
        passages.add(passage);
      }
    }
    return new Lore(sayable, passages, terms, closed);
  }

  private static Passage passage(int number, KnowledgeHit hit) {
    var found = hit.getCitation();
    var title =
        Stream.concat(Stream.of(found.getTitle()), found.getHeadingsList().stream())
            .filter(part -> !part.isEmpty())
            .distinct()
            .collect(Collectors.joining(" › "));
    var citation =
        new Citation(
            number,
            Texts.shorten(title, LONGEST_HEADING),
            found.getDocumentId(),
            found.getSectionId(),
            found.getPath());
    return new Passage(
        citation,
        found.getTitle(),
        Texts.cut(hit.getText(), LONGEST_PASSAGE),
        hit.getWordsRank(),
        hit.getCosine(),
        hit.getAuthority() == Authority.AUTHORITY_RUMOUR);
  }
}
