package vesper.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.Channel;
import io.grpc.Status;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.protobuf.services.HealthStatusManager;
import io.grpc.stub.BlockingClientCall;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import vesper.testing.NatsExtension;
import vesper.testing.TestNats;

/// Stubs and a service that grpc-java itself generated and wrote, unchanged.
@ExtendWith(NatsExtension.class)
final class GeneratedStubsTest {
  private static final Duration BOUND = Duration.ofSeconds(30);
  private static final HealthCheckRequest NPC =
      HealthCheckRequest.newBuilder().setService("npc").build();
  private static final HealthCheckRequest NOBODY =
      HealthCheckRequest.newBuilder().setService("nobody").build();

  private final Nodes nodes;
  private final LocalServices local = LocalServices.create();
  private final HealthStatusManager health = new HealthStatusManager();

  GeneratedStubsTest(TestNats nats) {
    nodes = new Nodes(nats.url());
  }

  @BeforeEach
  void start() {
    health.setStatus("npc", ServingStatus.SERVING);
    nodes.closing(local);
    nodes.start(nodes.server(health.getHealthService().bindService()).local(local));
  }

  @AfterEach
  void close() {
    nodes.close();
  }

  private Channel channel(Routing routing) {
    return RoutingChannel.of(
        routing,
        local,
        nodes.channel(),
        nodes.closing(Discovery.start(nodes.connect("discovery"), Duration.ofSeconds(1))));
  }

  @ParameterizedTest
  @EnumSource
  void blocking_answersAndThrows(Routing routing) {
    HealthGrpc.HealthBlockingStub stub = HealthGrpc.newBlockingStub(channel(routing));

    assertThat(stub.check(NPC).getStatus()).isEqualTo(ServingStatus.SERVING);
    assertThatThrownBy(() -> stub.check(NOBODY))
        .satisfies(e -> assertThat(CarriedCalls.code(e)).isEqualTo(Status.Code.NOT_FOUND));
  }

  @ParameterizedTest
  @EnumSource
  void blockingV2_streamsUntilCancelled(Routing routing) throws Exception {
    BlockingClientCall<?, HealthCheckResponse> watch =
        HealthGrpc.newBlockingV2Stub(channel(routing))
            .withDeadlineAfter(BOUND.toSeconds(), TimeUnit.SECONDS)
            .watch(NPC);

    assertThat(watch.read()).isEqualTo(response(ServingStatus.SERVING));
    health.setStatus("npc", ServingStatus.NOT_SERVING);
    assertThat(watch.read()).isEqualTo(response(ServingStatus.NOT_SERVING));
    watch.cancel("seen enough", null);
  }

  @ParameterizedTest
  @EnumSource
  void future_answers(Routing routing) throws Exception {
    assertThat(HealthGrpc.newFutureStub(channel(routing)).check(NPC).get(30, TimeUnit.SECONDS))
        .isEqualTo(response(ServingStatus.SERVING));
  }

  @ParameterizedTest
  @EnumSource
  void async_answers(Routing routing) {
    CompletableFuture<HealthCheckResponse> answer = new CompletableFuture<>();

    HealthGrpc.newStub(channel(routing))
        .check(
            NPC,
            new StreamObserver<>() {
              @Override
              public void onNext(HealthCheckResponse response) {
                answer.complete(response);
              }

              @Override
              public void onError(Throwable failure) {
                answer.completeExceptionally(failure);
              }

              @Override
              public void onCompleted() {}
            });

    assertThat(answer).succeedsWithin(BOUND).isEqualTo(response(ServingStatus.SERVING));
  }

  @ParameterizedTest
  @EnumSource
  void blockingStream_ofAsynchronousService_deliversChanges(Routing routing) {
    Iterator<HealthCheckResponse> watch =
        HealthGrpc.newBlockingStub(channel(routing))
            .withDeadlineAfter(BOUND.toSeconds(), TimeUnit.SECONDS)
            .watch(NPC);

    for (ServingStatus next : List.of(ServingStatus.NOT_SERVING, ServingStatus.SERVING)) {
      assertThat(watch.next()).isNotEqualTo(response(next));
      health.setStatus("npc", next);
    }
    assertThat(watch.next()).isEqualTo(response(ServingStatus.SERVING));
  }

  private static HealthCheckResponse response(ServingStatus status) {
    return HealthCheckResponse.newBuilder().setStatus(status).build();
  }
}
