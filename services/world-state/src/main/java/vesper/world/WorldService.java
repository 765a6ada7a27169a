package vesper.world;

import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jdbi.v3.core.Handle;
import vesper.runtime.Answers;
import vesper.runtime.CallContext;
import vesper.runtime.Database;
import vesper.runtime.PageToken;
import vesper.runtime.Principal;
import vesper.runtime.Refusal;
import vesper.world.v1.ApplyChangesRequest;
import vesper.world.v1.ApplyChangesResponse;
import vesper.world.v1.CreateEntityRequest;
import vesper.world.v1.DeleteEntityRequest;
import vesper.world.v1.DeleteEntityResponse;
import vesper.world.v1.Entity;
import vesper.world.v1.Flag;
import vesper.world.v1.GetEntityRequest;
import vesper.world.v1.GetWorldRequest;
import vesper.world.v1.ListFlagsRequest;
import vesper.world.v1.ListFlagsResponse;
import vesper.world.v1.ListRegionsRequest;
import vesper.world.v1.ListRegionsResponse;
import vesper.world.v1.ListWorldsRequest;
import vesper.world.v1.ListWorldsResponse;
import vesper.world.v1.QueryEntitiesRequest;
import vesper.world.v1.QueryEntitiesResponse;
import vesper.world.v1.SetFlagRequest;
import vesper.world.v1.UpdateEntityRequest;
import vesper.world.v1.WatchRegionRequest;
import vesper.world.v1.World;
import vesper.world.v1.WorldFrame;
import vesper.world.v1.WorldsGrpc;

/// The rpcs of the worlds.
final class WorldService extends WorldsGrpc.WorldsImplBase {
  private static final int ANSWER_BYTES = 512 << 10;
  private static final Duration USUAL_FRAME = Duration.ofMillis(100);

  private final Planting planting;
  private final Database database;
  private final Chronicle chronicle;
  private final Watchers watchers;
  private final Answers answers;
  private final InstantSource clock;

  WorldService(
      Planting planting,
      Database database,
      Chronicle chronicle,
      Watchers watchers,
      Answers answers,
      InstantSource clock) {
    this.planting = planting;
    this.database = database;
    this.chronicle = chronicle;
    this.watchers = watchers;
    this.answers = answers;
    this.clock = clock;
  }

  @Override
  public void getWorld(GetWorldRequest request, StreamObserver<World> out) {
    GameWorld world = planting.world(request.getWorldId());
    answer(out, worlds(Set.of(world.id())).getFirst());
  }

  @Override
  public void listWorlds(ListWorldsRequest request, StreamObserver<ListWorldsResponse> out) {
    Set<String> reach = CallContext.current().principal().worlds();
    Set<String> ids = new TreeSet<>(planting.worlds().keySet());
    ids.removeIf(id -> !reach.isEmpty() && !reach.contains(id));
    ids.forEach(planting::world);
    answer(out, ListWorldsResponse.newBuilder().addAllWorlds(worlds(ids)).build());
  }

  @Override
  public void listRegions(ListRegionsRequest request, StreamObserver<ListRegionsResponse> out) {
    answer(out, WorldMessages.regions(planting.world(request.getWorldId())));
  }

  @Override
  public void createEntity(CreateEntityRequest request, StreamObserver<Entity> out) {
    GameWorld world = planting.world(request.getWorldId());
    Thing thing = EntityMessages.created(request.getEntity(), "entity.", world);
    answer(out, entity(make(world, new Proposal(new Edit.Create(thing), "entity."))));
  }

  @Override
  public void updateEntity(UpdateEntityRequest request, StreamObserver<Entity> out) {
    GameWorld world = planting.world(request.getWorldId());
    String id = request.getEntityId();
    Patch patch = EntityMessages.patch(request.getEntity(), request.getUpdateMask(), id, "", world);
    Edit edit = new Edit.Change(id, patch, request.getEtag());
    answer(out, entity(make(world, new Proposal(edit, ""))));
  }

  @Override
  public void deleteEntity(DeleteEntityRequest request, StreamObserver<DeleteEntityResponse> out) {
    GameWorld world = planting.world(request.getWorldId());
    Edit edit = new Edit.Remove(request.getEntityId(), request.getEtag());
    long seq = make(world, new Proposal(edit, "")).seq();
    answer(out, DeleteEntityResponse.newBuilder().setSeq(seq).build());
  }

  @Override
  public void getEntity(GetEntityRequest request, StreamObserver<Entity> out) {
    GameWorld world = planting.world(request.getWorldId());
    String id = request.getEntityId();
    Thing thing =
        database
            .read("entity.find", handle -> EntityTable.find(handle, world.id(), id))
            .orElseThrow(() -> Refusal.notFound("entityId", "no entity '" + id + "'"));
    answer(out, EntityMessages.entity(thing, seesServer()));
  }

  @Override
  public void queryEntities(
      QueryEntitiesRequest request, StreamObserver<QueryEntitiesResponse> out) {
    GameWorld world = planting.world(request.getWorldId());
    EntityMessages.checkRegion(request.getRegionId(), "regionId", world);
    if (request.hasCircle() && request.getRegionId().isEmpty()) {
      throw Refusal.invalid("regionId", "must be set with a circle");
    }
    String list = WorldMessages.list(request);
    EntityTable.Query query =
        WorldMessages.query(request, PageToken.read(list, request.getPageToken()).orElse(""));
    int most = PageToken.size(request.getPageSize());
    EntityTable.Page page =
        database.read(
            "entity.query", handle -> EntityTable.query(handle, query, most, ANSWER_BYTES));
    boolean seesServer = seesServer();
    QueryEntitiesResponse.Builder response = QueryEntitiesResponse.newBuilder();
    page.things().forEach(t -> response.addEntities(EntityMessages.entity(t, seesServer)));
    if (page.more()) {
      response.setNextPageToken(PageToken.write(list, page.things().getLast().id()));
    }
    answer(out, response.build());
  }

  @Override
  public void setFlag(SetFlagRequest request, StreamObserver<Flag> out) {
    GameWorld world = planting.world(request.getWorldId());
    Reading reading = FlagMessages.reading(request.hasValue(), request.getValue(), "value");
    Edit edit = new Edit.SetFlag(request.getFlagId(), reading, request.getEtag());
    Outcome outcome = make(world, new Proposal(edit, "")).outcomes().getFirst();
    FlagState flag =
        switch (outcome) {
          case Outcome.Flagged(_, var after) -> after;
          case Outcome.SameFlag(var same) -> same;
          default -> throw new IllegalStateException("no outcome of a flag: " + outcome);
        };
    answer(out, FlagMessages.flag(world, flag));
  }

  @Override
  public void listFlags(ListFlagsRequest request, StreamObserver<ListFlagsResponse> out) {
    GameWorld world = planting.world(request.getWorldId());
    String list = WorldMessages.list(request);
    String after = PageToken.read(list, request.getPageToken()).orElse("");
    int most = PageToken.size(request.getPageSize());
    List<FlagState> set =
        database.read("flag.list", handle -> FlagTable.list(handle, world, after, most + 1));
    List<FlagState> flags = world.withUnset(set, after, most + 1);
    ListFlagsResponse.Builder response = ListFlagsResponse.newBuilder();
    flags.stream().limit(most).forEach(flag -> response.addFlags(FlagMessages.flag(world, flag)));
    if (flags.size() > most) {
      response.setNextPageToken(PageToken.write(list, flags.get(most - 1).id()));
    }
    answer(out, response.build());
  }

  @Override
  public void applyChanges(ApplyChangesRequest request, StreamObserver<ApplyChangesResponse> out) {
    GameWorld world = planting.world(request.getWorldId());
    List<Proposal> proposals = ChangeMessages.proposals(request, world);
    ApplyChangesResponse response =
        database.write(
            "changes.apply",
            handle ->
                answers.once(
                    handle,
                    request,
                    ApplyChangesResponse.parser(),
                    () -> ChangeMessages.response(make(handle, world, proposals))));
    watchers.changed(world);
    answer(out, response);
  }

  @Override
  public void watchRegion(WatchRegionRequest request, StreamObserver<WorldFrame> out) {
    GameWorld world = planting.world(request.getWorldId());
    for (int i = 0; i < request.getRegionIdsCount(); i++) {
      EntityMessages.checkRegion(request.getRegionIds(i), "regionIds[" + i + "]", world);
    }
    View view =
        new View(
            new HashSet<>(request.getRegionIdsList()),
            new HashSet<>(request.getComponentsList()),
            seesServer());
    Duration frame =
        request.getFrameMillis() == 0 ? USUAL_FRAME : Duration.ofMillis(request.getFrameMillis());
    watchers.watch(world, new Watchers.Wish(view, frame, request.getResumeToken()), out);
  }

  private Chronicle.Done make(Handle handle, GameWorld world, List<Proposal> proposals) {
    String actor = CallContext.current().principal().subject();
    return chronicle.make(
        handle, world, proposals, actor, clock.instant().truncatedTo(ChronoUnit.MICROS));
  }

  private Chronicle.Done make(GameWorld world, Proposal proposal) {
    Chronicle.Done done =
        database.write("entity.write", handle -> make(handle, world, List.of(proposal)));
    watchers.changed(world);
    return done;
  }

  private static Entity entity(Chronicle.Done done) {
    Outcome outcome = done.outcomes().getFirst();
    Thing thing =
        switch (outcome) {
          case Outcome.Created(var after) -> after;
          case Outcome.Changed(_, var after, _) -> after;
          case Outcome.SameThing(var same) -> same;
          default -> throw new IllegalStateException("no outcome of an entity: " + outcome);
        };
    return EntityMessages.entity(thing, seesServer());
  }

  private List<World> worlds(Set<String> ids) {
    List<WorldTable.Standing> standings =
        database.read("world.list", handle -> WorldTable.list(handle, ids));
    List<World> worlds = new ArrayList<>();
    standings.forEach(
        standing -> worlds.add(WorldMessages.world(planting.world(standing.world()), standing)));
    return worlds;
  }

  /// Whether the caller may see components for servers: anybody but a player who calls by himself.
  private static boolean seesServer() {
    CallContext call = CallContext.current();
    Principal principal = call.principal();
    return !principal.plays() || call.callerService().isPresent();
  }

  private static <T> void answer(StreamObserver<T> out, T message) {
    out.onNext(message);
    out.onCompleted();
  }
}
