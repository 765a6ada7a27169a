package vesper.runtime;

import io.grpc.stub.StreamObserver;
import vesper.npc.v1.AddMemoryRequest;
import vesper.npc.v1.ConverseEvent;
import vesper.npc.v1.ConverseRequest;
import vesper.npc.v1.Memory;
import vesper.npc.v1.NpcsGrpc;

/// A second small service for tests.
final class TalkModule implements ServiceModule {
  @Override
  public String id() {
    return "npc-behavior";
  }

  @Override
  public String domain() {
    return "npc";
  }

  @Override
  public Wiring wire(ServiceContext context) {
    return Wiring.of(new Service(context.database(), context.answers()));
  }

  private static final class Service extends NpcsGrpc.NpcsImplBase {
    private final Database database;
    private final Answers answers;

    Service(Database database, Answers answers) {
      this.database = database;
      this.answers = answers;
    }

    /// Forgets to keep its answer under the idempotency key.
    @Override
    public void converse(ConverseRequest request, StreamObserver<ConverseEvent> answer) {
      answer.onNext(ConverseEvent.getDefaultInstance());
      answer.onCompleted();
    }

    /// Answers with the idempotency key.
    @Override
    public void addMemory(AddMemoryRequest request, StreamObserver<Memory> answer) {
      String key = CallContext.current().idempotencyKey().orElse("");
      answer.onNext(
          database.write(
              "memory.add",
              handle ->
                  answers.once(
                      handle,
                      request,
                      Memory.parser(),
                      () -> Memory.newBuilder().setText(key).build())));
      answer.onCompleted();
    }
  }
}
