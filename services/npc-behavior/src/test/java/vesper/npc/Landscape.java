package vesper.npc;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import vesper.runtime.ServiceContext;
import vesper.runtime.ServiceModule;
import vesper.runtime.Wiring;
import vesper.world.v1.Entity;
import vesper.world.v1.Flag;
import vesper.world.v1.ListFlagsRequest;
import vesper.world.v1.ListFlagsResponse;
import vesper.world.v1.QueryEntitiesRequest;
import vesper.world.v1.QueryEntitiesResponse;
import vesper.world.v1.WorldsGrpc;

/// A world-state of a few flags and things.
final class Landscape implements ServiceModule {
  final List<String> regions = new CopyOnWriteArrayList<>();
  final AtomicInteger asked = new AtomicInteger();

  @Override
  public String id() {
    return "world-state";
  }

  @Override
  public String domain() {
    return "world";
  }

  @Override
  public Wiring wire(ServiceContext context) {
    // A host wants to know that answers of rpcs with a key are kept; here nothing calls them.
    var _ = context.answers();
    return Wiring.of(new Rpcs());
  }

  private static final class Things {
    static Entity entity(String id, String look) {
      return Entity.newBuilder()
          .setEntityId(id)
          .setVersion(1)
          .putComponents(
              "look",
              Struct.newBuilder()
                  .putFields("text", Value.newBuilder().setStringValue(look).build())
                  .build())
          .build();
    }

    static Flag flag(String id, long version, String said) {
      return Flag.newBuilder().setFlagId(id).setVersion(version).setSaid(said).build();
    }
  }

  private final class Rpcs extends WorldsGrpc.WorldsImplBase {
    @Override
    public void listFlags(ListFlagsRequest request, StreamObserver<ListFlagsResponse> out) {
      asked.incrementAndGet();
      out.onNext(
          ListFlagsResponse.newBuilder()
              .addFlags(Things.flag("ferry.runs", 3, "No boat has gone out since Fishday."))
              .addFlags(Things.flag("furnace.lit", 0, "The chimney has not rested all winter."))
              .addFlags(Things.flag("silent.flag", 9, ""))
              .build());
      out.onCompleted();
    }

    @Override
    public void queryEntities(
        QueryEntitiesRequest request, StreamObserver<QueryEntitiesResponse> out) {
      regions.add(request.getRegionId());
      out.onNext(
          QueryEntitiesResponse.newBuilder()
              .addEntities(Things.entity("item:quells-coat", "A grey coat on the third hook."))
              .addEntities(Things.entity("npc:mara-vey", "Mara Vey, keeper of the Wet Ledger."))
              .addEntities(Things.entity("npc:tam-ferrow", "Tam Ferrow, ferryman."))
              .addEntities(Entity.newBuilder().setEntityId("item:nothing"))
              .build());
      out.onCompleted();
    }
  }
}
