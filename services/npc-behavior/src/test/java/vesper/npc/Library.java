package vesper.npc;

import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import vesper.kb.v1.Authority;
import vesper.kb.v1.Citation;
import vesper.kb.v1.KnowledgeGrpc;
import vesper.kb.v1.KnowledgeHit;
import vesper.kb.v1.SearchKnowledgeRequest;
import vesper.kb.v1.SearchKnowledgeResponse;
import vesper.runtime.Refusal;
import vesper.runtime.ServiceContext;
import vesper.runtime.ServiceModule;
import vesper.runtime.Wiring;

/// A knowledge-base that finds what it is given.
final class Library implements ServiceModule {
  final List<SearchKnowledgeRequest> asked = new CopyOnWriteArrayList<>();
  private volatile SearchKnowledgeResponse answer = SearchKnowledgeResponse.getDefaultInstance();
  private volatile boolean away;

  void find(List<String> closedTerms, KnowledgeHit... hits) {
    answer =
        SearchKnowledgeResponse.newBuilder()
            .addAllHits(List.of(hits))
            .addAllClosedTerms(closedTerms)
            .build();
  }

  void leave() {
    away = true;
  }

  void comeBack() {
    away = false;
  }

  static KnowledgeHit hit(String section, String title, String text, Authority authority) {
    return KnowledgeHit.newBuilder()
        .setText(text)
        .setWordsRank(1)
        .setMeaningRank(1)
        .setCosine(.8)
        .setAuthority(authority)
        .setCitation(
            Citation.newBuilder()
                .setDocumentId(section.replaceFirst("#.*", ""))
                .setSectionId(section)
                .setTitle(title)
                .addHeadings(title)
                .addHeadings(section.replaceFirst(".*#", ""))
                .setPath("/v1/worlds/body-broker/documents/" + section.replaceFirst("#.*", "")))
        .build();
  }

  @Override
  public String id() {
    return "knowledge-base";
  }

  @Override
  public String domain() {
    return "kb";
  }

  @Override
  public Wiring wire(ServiceContext context) {
    return Wiring.of(new Rpcs());
  }

  private final class Rpcs extends KnowledgeGrpc.KnowledgeImplBase {
    @Override
    public void searchKnowledge(
        SearchKnowledgeRequest request, StreamObserver<SearchKnowledgeResponse> out) {
      if (away) {
        throw Refusal.unavailable(Duration.ofSeconds(1), "nobody is here");
      }
      asked.add(request);
      out.onNext(answer);
      out.onCompleted();
    }
  }
}
