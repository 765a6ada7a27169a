package vesper.npc;

import com.google.protobuf.Message;
import com.google.protobuf.Parser;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import vesper.memory.Memory;
import vesper.npc.Conversation.Pair;
import vesper.npc.Encounter.Bond;
import vesper.npc.MemoryTable.Place;
import vesper.npc.v1.AddMemoryRequest;
import vesper.npc.v1.AdjustRelationRequest;
import vesper.npc.v1.ConverseEvent;
import vesper.npc.v1.ConverseRequest;
import vesper.npc.v1.EndConversationRequest;
import vesper.npc.v1.GetConversationRequest;
import vesper.npc.v1.GetNpcRequest;
import vesper.npc.v1.GetRelationRequest;
import vesper.npc.v1.ListMemoriesRequest;
import vesper.npc.v1.ListMemoriesResponse;
import vesper.npc.v1.ListNpcsRequest;
import vesper.npc.v1.ListNpcsResponse;
import vesper.npc.v1.ListRelationsRequest;
import vesper.npc.v1.ListRelationsResponse;
import vesper.npc.v1.Npc;
import vesper.npc.v1.NpcsGrpc;
import vesper.npc.v1.RecallMemoriesRequest;
import vesper.npc.v1.RecallMemoriesResponse;
import vesper.runtime.Answers;
import vesper.runtime.CallContext;
import vesper.runtime.Database;
import vesper.runtime.PageToken;
import vesper.runtime.Principal;
import vesper.runtime.Refusal;

/// The rpcs of the people of a world.
final class NpcService extends NpcsGrpc.NpcsImplBase {

  private static final int USUAL_RECALL = 8;

  private final Map<String, World> worlds;
  private final Converser converser;
  private final Talks talks;
  private final Memories memories;
  private final Relations relations;
  private final Writer writer;

  NpcService(
      Map<String, World> worlds,
      Converser converser,
      Talks talks,
      Memories memories,
      Relations relations,
      Writer writer) {
    this.worlds = Map.copyOf(worlds);
    this.converser = converser;
    this.talks = talks;
    this.memories = memories;
    this.relations = relations;
    this.writer = writer;
  }

  /// Runs what changes something in a transaction, once for each idempotency key.
  record Writer(Database database, Answers answers) {

    <T extends Message> T write(
        String name, Message request, Parser<T> parser, Function<Handle, T> work) {
      return database.write(
          name, handle -> answers.once(handle, request, parser, () -> work.apply(handle)));
    }
  }

  @Override
  public void getNpc(GetNpcRequest request, StreamObserver<Npc> out) {
    var world = world(request.getWorldId());
    answer(out, NpcMessages.npc(world.id(), world.part(request.getNpcId())));
  }

  @Override
  public void listNpcs(ListNpcsRequest request, StreamObserver<ListNpcsResponse> out) {
    var world = world(request.getWorldId());
    var query = "npcs/" + world.id();
    var after = PageToken.read(query, request.getPageToken());
    int size = PageToken.size(request.getPageSize());
    var parts = world.script().parts();
    var rest =
        after.map(id -> parts.tailMap(id + "\0")).orElse(parts).values().stream()
            .limit(size + 1L)
            .toList();
    var page = Page.of(rest, size, part -> PageToken.write(query, part.npc().getId()));
    var response = ListNpcsResponse.newBuilder().setNextPageToken(page.next());
    page.items().forEach(part -> response.addNpcs(NpcMessages.npc(world.id(), part)));
    answer(out, response.build());
  }

  @Override
  public void converse(ConverseRequest request, StreamObserver<ConverseEvent> out) {
    var player = player(request.getPlayerId());
    converser.answer(
        world(request.getWorldId()),
        request,
        player,
        (ServerCallStreamObserver<ConverseEvent>) out);
  }

  @Override
  public void endConversation(
      EndConversationRequest request, StreamObserver<vesper.npc.v1.Conversation> out) {
    var world = world(request.getWorldId()).id();
    var player = Optional.of(player(request.getPlayerId()));
    var ended = talks.end(request.getConversationId(), world, player);
    answer(out, NpcMessages.conversation(ended));
  }

  @Override
  public void getConversation(
      GetConversationRequest request, StreamObserver<vesper.npc.v1.Conversation> out) {
    var world = world(request.getWorldId()).id();
    var kind = CallContext.current().principal().kind();
    boolean operator = kind == Principal.Kind.OPERATOR;
    boolean seesAll = operator && request.getPlayerId().isEmpty();
    boolean withMemories = operator || kind == Principal.Kind.SERVICE;
    Optional<String> player =
        seesAll ? Optional.empty() : Optional.of(player(request.getPlayerId()));
    var transcript = talks.conversation(request.getConversationId(), world, player, withMemories);
    answer(out, NpcMessages.conversation(transcript));
  }

  @Override
  public void addMemory(AddMemoryRequest request, StreamObserver<vesper.npc.v1.Memory> out) {
    var world = world(request.getWorldId());
    var part = world.part(request.getNpcId());
    var pair = new Pair(world.id(), part.npc().getId(), request.getPlayerId());
    var kind = Memory.Kind.valueOf(request.getKind().name().substring("MEMORY_KIND_".length()));
    long now = world.time().read().gameSeconds();
    var text = Texts.clean(request.getText());
    answer(
        out,
        writer.write(
            "memory.add",
            request,
            vesper.npc.v1.Memory.parser(),
            handle ->
                NpcMessages.memory(
                    new MemoryTable.Stored(
                        pair.player(),
                        memories.add(handle, pair, kind, text, request.getImportance(), now)))));
  }

  @Override
  public void listMemories(ListMemoriesRequest request, StreamObserver<ListMemoriesResponse> out) {
    var pair = pair(request.getWorldId(), request.getNpcId(), request.getPlayerId());
    var query = "memories/" + pair;
    var after = PageToken.read(query, request.getPageToken()).map(NpcService::place);
    int size = PageToken.size(request.getPageSize());
    var found = memories.list(pair, after.orElse(Place.START), size + 1);
    var page = Page.of(found, size, last -> PageToken.write(query, place(last)));
    var response = ListMemoriesResponse.newBuilder().setNextPageToken(page.next());
    page.items().forEach(stored -> response.addMemories(NpcMessages.memory(stored)));
    answer(out, response.build());
  }

  @Override
  public void recallMemories(
      RecallMemoriesRequest request, StreamObserver<RecallMemoriesResponse> out) {
    var pair = pair(request.getWorldId(), request.getNpcId(), request.getPlayerId());
    int limit = request.getLimit() == 0 ? USUAL_RECALL : request.getLimit();
    long now = world(request.getWorldId()).time().read().gameSeconds();
    var response = RecallMemoriesResponse.newBuilder();
    memories
        .recall(pair, request.getQuery(), limit, now)
        .forEach(found -> response.addMemories(NpcMessages.recalled(found)));
    answer(out, response.build());
  }

  @Override
  public void getRelation(GetRelationRequest request, StreamObserver<vesper.npc.v1.Relation> out) {
    var world = world(request.getWorldId());
    var part = world.part(request.getNpcId());
    var bond = relations.find(world.id(), request.getNpcId(), request.getOtherId());
    answer(out, relation(world, part, request.getOtherId(), bond));
  }

  @Override
  public void listRelations(
      ListRelationsRequest request, StreamObserver<ListRelationsResponse> out) {
    var world = world(request.getWorldId());
    var part = world.part(request.getNpcId());
    var query = "relations/" + world.id() + "/" + request.getNpcId();
    var after = PageToken.read(query, request.getPageToken()).orElse("");
    int size = PageToken.size(request.getPageSize());
    var found = relations.list(world.id(), request.getNpcId(), after, size + 1);
    var page = Page.of(found, size, last -> PageToken.write(query, last.other()));
    var response = ListRelationsResponse.newBuilder().setNextPageToken(page.next());
    page.items()
        .forEach(stored ->
            response.addRelations(
                relation(world, part, stored.other(), Optional.of(stored.bond()))));
    answer(out, response.build());
  }

  @Override
  public void adjustRelation(
      AdjustRelationRequest request, StreamObserver<vesper.npc.v1.Relation> out) {
    var world = world(request.getWorldId());
    var part = world.part(request.getNpcId());
    var by =
        new Relation(
            request.getTrust(), request.getAffection(), request.getRespect(), request.getFear());
    var change =
        new Relations.Change(
            world.id(),
            request.getNpcId(),
            request.getOtherId(),
            Relations.baseline(part, request.getOtherId()),
            by);
    long now = world.time().read().gameSeconds();
    answer(
        out,
        writer.write(
            "relation.adjust",
            request,
            vesper.npc.v1.Relation.parser(),
            handle ->
                NpcMessages.relation(
                    request.getNpcId(),
                    request.getOtherId(),
                    relations.move(handle, change, now))));
  }

  private static vesper.npc.v1.Relation relation(
      World world, Part part, String other, Optional<Bond> bond) {
    var baseline = Relations.baseline(part, other);
    long now = world.time().read().gameSeconds();
    return NpcMessages.relation(
        part.npc().getId(),
        other,
        bond.map(known -> known.at(now, baseline)).orElse(baseline),
        bond.map(Bond::version).orElse(0L));
  }

  /// Items of a page, and the token of the next one.
  private record Page<T>(List<T> items, String next) {
    /// Makes a page of items, one more than fit into it if there are more.
    static <T> Page<T> of(List<T> found, int size, Function<T, String> token) {
      boolean more = found.size() > size;
      var items = more ? found.subList(0, size) : found;
      return new Page<>(items, more ? token.apply(items.getLast()) : "");
    }
  }

  private World world(String id) {
    var world = worlds.get(id);
    if (world == null) {
      throw Refusal.unknown("worldId", "world", id, worlds.keySet());
    }
    return world;
  }

  private Pair pair(String world, String npc, String player) {
    var part = world(world).part(npc);
    return new Pair(world, part.npc().getId(), player);
  }

  /// Returns the player that is named, else the caller if it is one.
  private static String player(String named) {
    if (!named.isEmpty()) {
      return named;
    }
    var principal = CallContext.current().principal();
    return switch (principal.kind()) {
      case PLAYER, GUEST -> principal.subject();
      case OPERATOR, SERVICE, KEY, ANONYMOUS ->
          throw Refusal.invalid("playerId", "must name the player that the call is for");
    };
  }

  private static String place(MemoryTable.Stored stored) {
    var memory = stored.remembered().memory();
    return memory.createdAt() + " " + memory.id();
  }

  private static Place place(String token) {
    var parts = token.split(" ", 2);
    return new Place(Long.parseLong(parts[0]), parts[1]);
  }

  private static <T> void answer(StreamObserver<T> out, T message) {
    out.onNext(message);
    out.onCompleted();
  }
}
