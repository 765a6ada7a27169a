package vesper.kb;

import io.grpc.stub.StreamObserver;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import vesper.kb.GrantTable.Lesson;
import vesper.kb.Shelf.Limits;
import vesper.kb.v1.Document;
import vesper.kb.v1.GetDocumentRequest;
import vesper.kb.v1.GrantKnowledgeRequest;
import vesper.kb.v1.KnowledgeGrant;
import vesper.kb.v1.KnowledgeGrpc;
import vesper.kb.v1.ListDocumentsRequest;
import vesper.kb.v1.ListDocumentsResponse;
import vesper.kb.v1.RevokeKnowledgeRequest;
import vesper.kb.v1.RevokeKnowledgeResponse;
import vesper.kb.v1.SearchKnowledgeRequest;
import vesper.kb.v1.SearchKnowledgeResponse;
import vesper.runtime.CallContext;
import vesper.runtime.Database;
import vesper.runtime.PageToken;
import vesper.runtime.Refusal;

/// The rpcs of what is known in a world.
final class KnowledgeService extends KnowledgeGrpc.KnowledgeImplBase {
  private static final int USUAL_PASSAGES = 8;

  private final Library library;
  private final Askers askers;
  private final Meanings meanings;
  private final Indexer indexer;
  private final Database database;
  private final InstantSource clock;

  KnowledgeService(
      Library library,
      Askers askers,
      Meanings meanings,
      Indexer indexer,
      Database database,
      InstantSource clock) {
    this.library = library;
    this.askers = askers;
    this.meanings = meanings;
    this.indexer = indexer;
    this.database = database;
    this.clock = clock;
  }

  @Override
  public void getDocument(GetDocumentRequest request, StreamObserver<Document> out) {
    var shelf = library.shelf(request.getWorldId());
    var asking = askers.reading(shelf.world(), CallContext.current().principal());
    var volume =
        shelf
            .open(request.getDocumentId(), asking)
            .orElseThrow(() ->
                Refusal.unknown(
                    "documentId",
                    "document",
                    request.getDocumentId(),
                    open(shelf, asking).keySet()));
    answer(out, KnowledgeMessages.document(shelf.world(), volume));
  }

  @Override
  public void listDocuments(
      ListDocumentsRequest request, StreamObserver<ListDocumentsResponse> out) {
    var shelf = library.shelf(request.getWorldId());
    var asking = askers.reading(shelf.world(), CallContext.current().principal());
    var list = "documents/" + shelf.world();
    var after = PageToken.read(list, request.getPageToken()).orElse("");
    int size = PageToken.size(request.getPageSize());
    var rest = open(shelf, asking).tailMap(after, false);
    var response = ListDocumentsResponse.newBuilder();
    for (var volume : rest.values()) {
      if (response.getDocumentsCount() == size) {
        var last = response.getDocuments(size - 1).getDocumentId();
        response.setNextPageToken(PageToken.write(list, last));
        break;
      }
      response.addDocuments(KnowledgeMessages.heading(shelf.world(), volume));
    }
    answer(out, response.build());
  }

  private static NavigableMap<String, Volume> open(Shelf shelf, Asking asking) {
    var open = new TreeMap<>(shelf.volumes());
    open.keySet().removeIf(id -> shelf.open(id, asking).isEmpty());
    return open;
  }

  @Override
  public void searchKnowledge(
      SearchKnowledgeRequest request, StreamObserver<SearchKnowledgeResponse> out) {
    var shelf = library.shelf(request.getWorldId());
    var asking = askers.asking(shelf.world(), request.getAsker());
    int passages = request.getLimit() == 0 ? USUAL_PASSAGES : request.getLimit();
    var limits = new Limits(passages, request.getTokenBudget());
    var result = shelf.search(request.getQuery(), meaning(shelf, request), limits, asking);
    List<String> lists = new ArrayList<>(List.of("words"));
    if (result.byMeaning()) {
      lists.add("meaning");
    }
    var response =
        SearchKnowledgeResponse.newBuilder()
            .addAllLists(lists)
            .addAllClosedTerms(result.closedTerms())
            .setKbVersion(shelf.digest());
    result.found().forEach(found -> response.addHits(KnowledgeMessages.hit(shelf.world(), found)));
    answer(out, response.build());
  }

  private Optional<Meant> meaning(Shelf shelf, SearchKnowledgeRequest request) {
    if (shelf.space().isEmpty()) {
      return Optional.empty();
    }
    var meaning = meanings.ofQuery(request.getQuery());
    meaning.map(Meant::space).ifPresent(indexer::want);
    return meaning;
  }

  @Override
  public void grantKnowledge(GrantKnowledgeRequest request, StreamObserver<KnowledgeGrant> out) {
    var shelf = library.shelf(request.getWorldId());
    var subject = askers.subject(shelf.world(), request.getSubject());
    var place =
        shelf
            .find(request.getSectionId())
            .orElseThrow(() -> unknownSection(shelf, request.getSectionId()));
    var lesson = new Lesson(shelf.world(), subject, place.chapter().id());
    var fromWhom =
        database.write(
            "grant.put",
            handle -> GrantTable.put(handle, lesson, request.getFromWhom(), clock.instant()));
    answer(out, KnowledgeMessages.grant(lesson, fromWhom));
  }

  @Override
  public void revokeKnowledge(
      RevokeKnowledgeRequest request, StreamObserver<RevokeKnowledgeResponse> out) {
    var shelf = library.shelf(request.getWorldId());
    var subject = askers.subject(shelf.world(), request.getSubject());
    var lesson = new Lesson(shelf.world(), subject, request.getSectionId());
    boolean removed = database.write("grant.remove", handle -> GrantTable.remove(handle, lesson));
    // What was learned from a document that is gone can still be forgotten.
    if (!removed && shelf.find(request.getSectionId()).isEmpty()) {
      throw unknownSection(shelf, request.getSectionId());
    }
    answer(out, RevokeKnowledgeResponse.getDefaultInstance());
  }

  private static RuntimeException unknownSection(Shelf shelf, String section) {
    return Refusal.unknown("sectionId", "section", section, shelf.sections());
  }

  private static <T> void answer(StreamObserver<T> out, T message) {
    out.onNext(message);
    out.onCompleted();
  }
}
