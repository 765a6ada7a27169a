package vesper.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.Empty;
import com.google.rpc.ErrorInfo;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.protobuf.StatusProto;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import io.grpc.reflection.v1.ServerReflectionRequest;
import io.grpc.reflection.v1.ServerReflectionResponse;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import vesper.gateway.trial.v1.CountRequest;
import vesper.gateway.trial.v1.FailRequest;
import vesper.gateway.trial.v1.Item;
import vesper.gateway.trial.v1.Kinds;
import vesper.gateway.trial.v1.TrialGrpc;
import vesper.gateway.trial.v1.TrialGrpc.TrialBlockingStub;

class GrpcEdgeTest {
  private static TestEdge edge;
  private static ManagedChannel client;

  @BeforeAll
  static void start() {
    edge = new TestEdge(TestEdge.CONFIG);
    client = client(edge);
  }

  @AfterAll
  static void stop() {
    client.shutdownNow();
    edge.close();
  }

  @Test
  void unary_isPassedOn() {
    Kinds kinds = Kinds.newBuilder().setText("é").setData(ByteString.copyFromUtf8("\0")).build();

    assertThat(stub().echo(kinds)).isEqualTo(kinds);
  }

  @Test
  void stream_isPassedOnInOrder() {
    Iterator<Item> items = stub().count(CountRequest.newBuilder().setFrom(1).setTo(5001).build());

    List<Long> numbers = new ArrayList<>();
    items.forEachRemaining(item -> numbers.add(item.getNumber()));
    assertThat(numbers).hasSize(5000).isSorted().first().isEqualTo(1L);
  }

  @Test
  void stream_thatNobodyReads_waits() {
    ClientCall<CountRequest, Item> call =
        client.newCall(TrialGrpc.getCountMethod(), CallOptions.DEFAULT);
    call.start(new ClientCall.Listener<>() {}, new Metadata());
    call.request(1);
    call.sendMessage(CountRequest.newBuilder().setFrom(1).setPadding(4000).build());
    call.halfClose();
    long[] seen = {-1};
    edge.trial.lastSent.set(0);
    await()
        .pollInterval(Duration.ofMillis(300))
        .atMost(Duration.ofMinutes(1))
        .until(() -> {
          long before = seen[0];
          seen[0] = edge.trial.lastSent.get();
          return seen[0] > 0 && seen[0] == before;
        });

    assertThat(seen[0]).isLessThan(5_000);
    call.cancel("seen enough", null);
    await().atMost(Duration.ofMinutes(1)).until(() -> edge.trial.counting.get() == 0);
  }

  @Tag("GW-T3")
  @Test
  void streamThatStalls_isEnded_andMakesRoom() {
    GatewayConfig config = TestEdge.config(Map.of("stall", "200ms", "streams-each", "1"));
    try (TestEdge strict = new TestEdge(config)) {
      ManagedChannel channel = client(strict);
      ClientCall<CountRequest, Item> call =
          channel.newCall(TrialGrpc.getCountMethod(), CallOptions.DEFAULT);
      call.start(new ClientCall.Listener<>() {}, new Metadata());
      call.request(1);
      call.sendMessage(CountRequest.newBuilder().setFrom(1).setPadding(4000).build());
      call.halfClose();

      await().atMost(Duration.ofMinutes(1)).until(() -> strict.trial.lastSent.get() > 0);
      await().atMost(Duration.ofMinutes(1)).until(() -> strict.trial.counting.get() == 0);
      await()
          .atMost(Duration.ofMinutes(1))
          .until(() -> strict.get("/v1/count/1?to=2").statusCode() == 200);
      call.cancel("seen enough", null);
      channel.shutdownNow();
    }
  }

  @Test
  void withoutToken_isUnauthenticated() {
    Status status = failure(TrialGrpc.newBlockingStub(client), FailRequest.getDefaultInstance());

    assertThat(status.getCode()).isEqualTo(Status.Code.UNAUTHENTICATED);
    StatusRuntimeException failure =
        catchThrowableOfType(
            StatusRuntimeException.class,
            () -> TrialGrpc.newBlockingStub(client).fail(FailRequest.getDefaultInstance()));
    assertThat(Objects.requireNonNull(StatusProto.fromThrowable(failure)).getDetailsList())
        .anySatisfy(
            detail -> assertThat(detail.unpack(ErrorInfo.class).getReason()).isEqualTo("MISSING"));
    assertThat(Objects.requireNonNull(failure.getTrailers()).get(Door.REQUEST_ID)).isNotBlank();
  }

  @ParameterizedTest
  @EnumSource(names = "OK", mode = EnumSource.Mode.EXCLUDE)
  void failure_keepsItsCode(Status.Code code) {
    FailRequest request =
        FailRequest.newBuilder().setCode(code.value()).setDescription("at nats:4222").build();

    Status status = failure(stub(), request);

    assertThat(status.getCode()).isEqualTo(code);
    switch (code) {
      case INTERNAL, UNKNOWN, DATA_LOSS, UNAVAILABLE, UNIMPLEMENTED, CANCELLED, DEADLINE_EXCEEDED ->
          assertThat(status.getDescription()).doesNotContain("4222");
      default -> assertThat(status.getDescription()).isEqualTo("at nats:4222");
    }
  }

  @Test
  void failure_inside_tellsNothing() {
    assertThat(failure(stub(), FailRequest.getDefaultInstance()).toString())
        .contains("UNKNOWN")
        .doesNotContain("secret", "Exception");
  }

  @Test
  void failure_ofAStream_hasItsDetails() {
    Iterator<Item> items = stub().count(CountRequest.newBuilder().setFrom(1).setFailAt(3).build());
    StatusRuntimeException failure =
        catchThrowableOfType(
            StatusRuntimeException.class, () -> items.forEachRemaining(item -> {}));

    assertThat(failure.getStatus().getCode()).isEqualTo(Status.Code.FAILED_PRECONDITION);
    assertThat(Objects.requireNonNull(StatusProto.fromThrowable(failure)).getDetailsList())
        .anySatisfy(detail ->
            assertThat(detail.unpack(ErrorInfo.class).getReason()).isEqualTo("COUNTED_OUT"));
  }

  @Test
  void internalRpc_isUnimplemented() {
    StatusRuntimeException failure =
        catchThrowableOfType(
            StatusRuntimeException.class, () -> stub().hidden(Empty.getDefaultInstance()));

    assertThat(failure.getStatus().getCode()).isEqualTo(Status.Code.UNIMPLEMENTED);
    assertThat(failure.getStatus().getDescription()).isEqualTo("nothing here offers this call");
  }

  @Test
  void messageTooLarge_isResourceExhausted() {
    Kinds kinds = Kinds.newBuilder().setText("x".repeat(1024 * 1024 + 1)).build();

    StatusRuntimeException failure =
        catchThrowableOfType(StatusRuntimeException.class, () -> stub().echo(kinds));

    assertThat(failure.getStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
    assertThat(failure.getStatus().getDescription())
        .isEqualTo("the message is larger than this edge takes");
    assertThat(stub().echo(Kinds.newBuilder().setText("x".repeat(1_000_000)).build()).getText())
        .hasSize(1_000_000);
  }

  @Tag("GW-T8")
  @Test
  void metadataThatAssertsIdentity_changesNothing() {
    Metadata extra = new Metadata();
    for (String name : List.of("vesper-caller", "x-player-id", "cookie")) {
      extra.put(Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER), "admin");
    }
    extra.put(Door.IDEMPOTENCY_KEY, "0123456789abcdef");

    stub()
        .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(extra))
        .echo(Kinds.getDefaultInstance());

    assertThat(edge.receivedKeys())
        .containsExactly("authorization", "idempotency-key", "traceparent", "x-request-id");
  }

  @Test
  void answer_hasRequestIdAndTrace_andNothingOfTheInside() {
    AtomicReference<Metadata> headers = new AtomicReference<>();
    AtomicReference<Metadata> trailers = new AtomicReference<>();
    edge.replaying = true;
    stub()
        .withInterceptors(MetadataUtils.newCaptureMetadataInterceptor(headers, trailers))
        .echo(Kinds.getDefaultInstance());
    edge.replaying = false;

    assertThat(headers.get().get(Door.REQUEST_ID)).isNotBlank();
    assertThat(headers.get().get(Door.TRACEPARENT)).contains(TestEdge.TRACE);
    assertThat(headers.get().get(Door.REPLAYED)).isEqualTo("true");
    assertThat(headers.get().keys()).doesNotContain("internal");
  }

  @Test
  void deadline_isPassedOn_upTo30Seconds() {
    stub().withDeadlineAfter(2, TimeUnit.SECONDS).echo(Kinds.getDefaultInstance());
    assertThat(edge.left).isBetween(Duration.ofMillis(500), Duration.ofMillis(2000));
    stub().withDeadlineAfter(10, TimeUnit.MINUTES).echo(Kinds.getDefaultInstance());
    assertThat(edge.left).isBetween(Duration.ofSeconds(28), Duration.ofSeconds(30));
    stub().echo(Kinds.getDefaultInstance());
    assertThat(edge.left).isBetween(Duration.ofMillis(3500), Duration.ofMillis(5000));
  }

  @Test
  void health_tellsWhetherItServes() {
    try (TestEdge own = new TestEdge(TestEdge.CONFIG)) {
      ManagedChannel channel = client(own);
      HealthGrpc.HealthBlockingStub health = HealthGrpc.newBlockingStub(channel);
      HealthCheckRequest whole = HealthCheckRequest.getDefaultInstance();
      HealthCheckRequest one =
          HealthCheckRequest.newBuilder().setService("vesper.npc.v1.Npcs").build();
      assertThat(health.check(whole).getStatus()).isEqualTo(ServingStatus.SERVING);
      assertThat(health.check(one).getStatus()).isEqualTo(ServingStatus.SERVING);

      drain(own);

      assertThat(health.check(whole).getStatus()).isEqualTo(ServingStatus.NOT_SERVING);
      assertThat(health.check(one).getStatus()).isEqualTo(ServingStatus.NOT_SERVING);
      channel.shutdownNow();
    }
  }

  private static void drain(TestEdge edge) {
    try {
      edge.gateway().drain(Duration.ZERO);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void reflection_listsWhatIsOffered() {
    assertThat(
            reflect(ServerReflectionRequest.newBuilder().setListServices("").build())
                .getListServicesResponse()
                .getServiceList())
        .extracting(service -> service.getName())
        .containsExactly(
            "grpc.health.v1.Health",
            "grpc.reflection.v1.ServerReflection",
            "vesper.auth.v1.Auth",
            "vesper.gateway.trial.v1.Trial",
            "vesper.npc.v1.Npcs",
            "vesper.time.v1.Time");
  }

  @Test
  void reflection_leavesOutWhatIsNotOffered() throws Exception {
    ServerReflectionResponse answer =
        reflect(
            ServerReflectionRequest.newBuilder()
                .setFileContainingSymbol("vesper.gateway.trial.v1.Trial")
                .build());

    List<FileDescriptorProto> files = new ArrayList<>();
    for (ByteString bytes : answer.getFileDescriptorResponse().getFileDescriptorProtoList()) {
      files.add(FileDescriptorProto.parseFrom(bytes));
    }
    assertThat(files.getFirst().getService(0).getMethodList())
        .extracting(method -> method.getName())
        .containsExactly("Echo", "Count", "Fail", "Page", "Peek", "Large", "Change", "Follow");
    assertThat(files)
        .extracting(FileDescriptorProto::getName)
        .contains("google/api/annotations.proto", "google/protobuf/descriptor.proto");
    assertThat(
            reflect(
                    ServerReflectionRequest.newBuilder()
                        .setFileContainingSymbol("vesper.gateway.trial.v1.Trial.Hidden")
                        .build())
                .getErrorResponse()
                .getErrorCode())
        .isEqualTo(Status.Code.NOT_FOUND.value());
  }

  @Test
  void reflection_findsFilesAndExtensions() {
    assertThat(
            reflect(
                    ServerReflectionRequest.newBuilder()
                        .setFileByFilename("vesper/options/v1/options.proto")
                        .build())
                .getFileDescriptorResponse()
                .getFileDescriptorProtoCount())
        .isPositive();
    assertThat(
            reflect(
                    ServerReflectionRequest.newBuilder()
                        .setAllExtensionNumbersOfType("google.protobuf.MethodOptions")
                        .build())
                .getAllExtensionNumbersResponse()
                .getExtensionNumberList())
        .contains(52001, 52002, 72295728);
    var extension =
        io.grpc.reflection.v1.ExtensionRequest.newBuilder()
            .setContainingType("google.protobuf.MethodOptions")
            .setExtensionNumber(52001);
    assertThat(
            reflect(
                    ServerReflectionRequest.newBuilder()
                        .setFileContainingExtension(extension)
                        .build())
                .hasFileDescriptorResponse())
        .isTrue();
    assertThat(reflect(ServerReflectionRequest.getDefaultInstance()).hasErrorResponse()).isTrue();
    assertThat(
            reflect(
                    ServerReflectionRequest.newBuilder()
                        .setAllExtensionNumbersOfType("no.such.Type")
                        .build())
                .hasErrorResponse())
        .isTrue();
  }

  @Test
  void reflection_hasItsOldName() {
    var method =
        ServerReflectionGrpc.getServerReflectionInfoMethod().toBuilder()
            .setFullMethodName("grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo")
            .build();
    CompletableFuture<ServerReflectionResponse> answer = new CompletableFuture<>();
    StreamObserver<ServerReflectionRequest> requests =
        ClientCalls.asyncBidiStreamingCall(
            client.newCall(method, CallOptions.DEFAULT), first(answer));
    requests.onNext(ServerReflectionRequest.newBuilder().setListServices("").build());
    requests.onCompleted();

    assertThat(answer.join().getListServicesResponse().getServiceList()).isNotEmpty();
  }

  private static ServerReflectionResponse reflect(ServerReflectionRequest request) {
    CompletableFuture<ServerReflectionResponse> answer = new CompletableFuture<>();
    StreamObserver<ServerReflectionRequest> requests =
        ServerReflectionGrpc.newStub(client).serverReflectionInfo(first(answer));
    requests.onNext(request);
    requests.onCompleted();
    return answer.join();
  }

  private static <T> StreamObserver<T> first(CompletableFuture<T> answer) {
    return new StreamObserver<>() {
      @Override
      public void onNext(T value) {
        answer.complete(value);
      }

      @Override
      public void onError(Throwable cause) {
        answer.completeExceptionally(cause);
      }

      @Override
      public void onCompleted() {}
    };
  }

  private static Status failure(TrialBlockingStub stub, FailRequest request) {
    StatusRuntimeException failure =
        catchThrowableOfType(StatusRuntimeException.class, () -> stub.fail(request));
    return failure.getStatus();
  }

  private static TrialBlockingStub stub() {
    Metadata headers = new Metadata();
    headers.put(Door.AUTHORIZATION, "Bearer " + TestEdge.TOKEN);
    return TrialGrpc.newBlockingStub(client)
        .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers));
  }

  private static ManagedChannel client(TestEdge edge) {
    return NettyChannelBuilder.forAddress("127.0.0.1", edge.uri().getPort()).usePlaintext().build();
  }
}
