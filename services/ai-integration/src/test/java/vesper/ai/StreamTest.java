package vesper.ai;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.util.Durations;
import io.grpc.Context;
import io.grpc.Status;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import vesper.ai.v1.AnswerPath;
import vesper.ai.v1.Decision;
import vesper.ai.v1.DecisionStatus;
import vesper.ai.v1.Finish;
import vesper.ai.v1.GenerateFrame;
import vesper.ai.v1.GenerateRequest;
import vesper.ai.v1.GetDecisionRequest;
import vesper.testing.NatsExtension;
import vesper.testing.PostgresExtension;
import vesper.testing.TestDatabase;
import vesper.testing.TestNats;
import vesper.testing.vllm.FakeVllm;
import vesper.testing.vllm.Faults;
import vesper.testing.vllm.SeenRequest;
import vesper.transport.Routing;

@ExtendWith({NatsExtension.class, PostgresExtension.class})
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class StreamTest {
  private static final Duration LONG = Duration.ofSeconds(60);
  private static final Duration NEVER = Duration.ofMinutes(5);
  private static final String WORDS =
      "The ledger is below the stairs. It is wet. Bring a lamp, and do not read the last page.";

  private AiHost host;
  private FakeVllm server;

  @BeforeAll
  void start(TestNats nats, TestDatabase database) {
    host = AiHost.start(nats, database, "vesper.ai.stream.blocked", "1s");
  }

  @AfterAll
  void stop() {
    host.close();
  }

  @BeforeEach
  void serve() {
    server = FakeVllm.builder().start();
    server.behave(now -> now.withReply(WORDS));
    host.router.plan(TestRouter.silver("first", server));
  }

  @AfterEach
  void close() {
    server.close();
  }

  @Test
  @Tag("AI-23")
  void stream_beginsWithItsSourceAndEndsWithOneDone() throws Exception {
    Heard heard = hear(Requests.dialogue().build());

    assertThat(heard.status().isOk()).isTrue();
    assertThat(heard.frames().getFirst().getStarted().getPath())
        .isEqualTo(AnswerPath.ANSWER_PATH_MODEL);
    assertThat(heard.frames().getFirst().getStarted().getEndpointId()).isEqualTo("first");
    heard.checkOrder();
    assertThat(heard.text()).isEqualTo(WORDS);
    assertThat(heard.deltas()).hasSizeGreaterThan(1);
    assertThat(heard.done().getDone().getFinish()).isEqualTo(Finish.FINISH_COMPLETE);
    assertThat(heard.done().getDone().getCharacters()).isEqualTo(WORDS.length());
  }

  @Test
  void stream_wordsComeBeforeTheModelHasFinished() throws Exception {
    server.behave(now ->
        now.withReply("One. Two. Three. Four. Five. Six.")
            .withFaults(Faults.NONE.withStalls(1, NEVER)));
    Reader reader = read(Requests.dialogue().build());
    assertThat(reader.next().hasStarted()).isTrue();
    assertThat(reader.next().getDelta().getText()).startsWith("One.");
    assertThat(server.running()).isEqualTo(1);
    reader.leave();
  }

  @Test
  @Tag("AI-27")
  void stream_theReaderLeaves_theServerSeesItWithin100Milliseconds() throws Exception {
    server.behave(now -> now.withTimes(Duration.ZERO, Duration.ofMillis(20)).withMeanTokens(4_000));
    server.behave(now -> now.withReply("So it goes on and on. ".repeat(200)));
    List<Long> millis = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      int seen = i;
      Reader reader = read(Requests.dialogue().build());
      reader.next();
      reader.next();
      Instant left = Instant.now();
      reader.leave();
      SeenRequest request =
          Awaitility.await()
              .pollInterval(Duration.ofMillis(2))
              .atMost(LONG)
              .until(
                  () -> server.requests().get(seen),
                  one -> one.outcome() == SeenRequest.Outcome.CANCELLED);
      millis.add(Duration.between(left, request.endedAt().orElseThrow()).toMillis());
    }
    // Other builds on the machine may hold up some of them, but not all.
    assertThat(millis).anySatisfy(taken -> assertThat(taken).isLessThanOrEqualTo(100));
  }

  @Test
  void stream_theReaderLeavesBeforeTheFirstToken_theServerSeesIt() throws Exception {
    server.behave(now -> now.withTimes(NEVER, Duration.ZERO));
    Reader reader = read(Requests.dialogue().build());
    Awaitility.await().atMost(LONG).until(() -> server.running() == 1);
    reader.leave();
    Awaitility.await().atMost(LONG).until(() -> server.cancelled() == 1);
  }

  @Test
  void stream_theReaderLeaves_theRecordSaysSo() throws Exception {
    server.behave(
        now -> now.withReply("One. Two. Three.").withFaults(Faults.NONE.withStalls(1, NEVER)));
    Reader reader = read(Requests.dialogue().build());
    String decision = reader.next().getStarted().getDecisionId();
    reader.leave();
    Decision record =
        Awaitility.await()
            .ignoreExceptions()
            .atMost(LONG)
            .until(
                () ->
                    host.operator()
                        .getDecision(
                            GetDecisionRequest.newBuilder().setDecisionId(decision).build()),
                Objects::nonNull);
    assertThat(record.getStatus())
        .as(record.toString())
        .isEqualTo(DecisionStatus.DECISION_STATUS_CANCELLED);
    assertThat(record.getFinish()).isEqualTo(Finish.FINISH_CANCELLED);
    assertThat(record.getAttempts(0).getOutcome()).isEqualTo("cancelled");
  }

  @Test
  @Tag("AI-28")
  void stream_theReaderIsSlow_wordsAreJoined() throws Exception {
    String long_ = "So it goes. ".repeat(400).strip();
    server.behave(now -> now.withReply(long_));
    Reader reader = new Reader(1);
    host.listener()
        .streamGenerate(
            Requests.dialogue()
                .setParams(vesper.ai.v1.GenerateParams.newBuilder().setMaxTokens(512))
                .build(),
            reader);
    Awaitility.await().atMost(LONG).until(() -> server.running() == 0);
    reader.request(1_000);
    Heard heard = reader.rest();
    heard.checkOrder();
    assertThat(heard.deltas()).hasSizeLessThan(100);
    assertThat(heard.done().getDone().getFinish()).isEqualTo(Finish.FINISH_LENGTH);
    assertThat(long_).startsWith(heard.text());
  }

  @Test
  @Tag("AI-28")
  void stream_theReaderTakesNothing_isEndedAndTheModelToo() throws Exception {
    server.behave(now ->
        now.withReply("So it goes. ".repeat(400)).withTimes(Duration.ZERO, Duration.ofMillis(20)));
    Reader reader = new Reader(1);
    host.listener()
        .streamGenerate(
            Requests.dialogue()
                .setParams(vesper.ai.v1.GenerateParams.newBuilder().setMaxTokens(512))
                .build(),
            reader);
    reader.next();
    Awaitility.await().atMost(LONG).until(() -> server.cancelled() == 1);
    reader.request(1_000);
    assertThat(reader.rest().status().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
  }

  @Test
  void stream_sixtyFourAtOnce_noneStarves() throws Exception {
    server.behave(
        now -> now.withTimes(Duration.ofMillis(20), Duration.ofMillis(2)).withReply(WORDS));
    List<CompletableFuture<Heard>> all =
        IntStream.range(0, 64)
            .mapToObj(i -> {
              CompletableFuture<Heard> heard = new CompletableFuture<>();
              Thread.startVirtualThread(() -> {
                try {
                  heard.complete(hear(Requests.dialogue("Where is page " + i + "?").build()));
                } catch (Exception e) {
                  heard.completeExceptionally(e);
                }
              });
              return heard;
            })
            .toList();
    List<Double> first = new ArrayList<>();
    for (CompletableFuture<Heard> each : all) {
      Heard heard = each.get(60, TimeUnit.SECONDS);
      heard.checkOrder();
      assertThat(heard.text()).isEqualTo(WORDS);
      assertThat(heard.done().getDone().getTimings().hasFirstToken()).isTrue();
      first.add(Durations.toNanos(heard.done().getDone().getTimings().getFirstToken()) / 1e6);
    }
    first.sort(null);
    System.getLogger("StreamTest")
        .log(
            System.Logger.Level.INFO,
            "first token ms: median %.1f, slowest %.1f".formatted(first.get(32), first.getLast()));
    assertThat(server.requests()).hasSize(64);
  }

  @Test
  void stream_inTheSameProcess_isTheSame(TestNats nats, TestDatabase database) throws Exception {
    server.behave(now ->
        now.withReply("So it goes. ".repeat(40).strip())
            .withTimes(Duration.ZERO, Duration.ofMillis(2)));
    try (AiHost near = AiHost.start(nats, database, Routing.LOCAL)) {
      near.router.plan(TestRouter.silver("first", server));
      Reader reader = new Reader(Integer.MAX_VALUE);
      near.listener().streamGenerate(Requests.dialogue().build(), reader);
      Heard heard = reader.rest();
      heard.checkOrder();
      assertThat(heard.text()).startsWith("So it goes. So it goes.");

      server.behave(now -> now.withTimes(NEVER, Duration.ZERO));
      Reader leaving = new Reader(Integer.MAX_VALUE);
      near.listener().streamGenerate(Requests.dialogue().build(), leaving);
      Awaitility.await().atMost(LONG).until(() -> server.running() == 1);
      leaving.leave();
      Awaitility.await().atMost(LONG).until(() -> server.cancelled() == 1);
    }
  }

  @Test
  void stream_withAllFaults_keepsItsFormAndItsWords() throws Exception {
    server.close();
    server = FakeVllm.builder().seed(7).start();
    server.behave(now ->
        now.withTimes(Duration.ofMillis(1), Duration.ofNanos(200_000))
            .withFaults(
                Faults.NONE
                    .withErrors(.1, 0)
                    .withStalls(.05, Duration.ofMillis(300))
                    .withDisconnects(.2)
                    .withMalformed(.1)));
    host.router.plan(TestRouter.silver("first", server));
    Set<Finish> finishes = EnumSet.noneOf(Finish.class);
    for (int i = 0; i < 150; i++) {
      GenerateRequest request =
          Requests.dialogue("Tell me of lantern number " + i + ".")
              .addClosedTerms("somebody")
              .build();
      Heard heard = hear(request);
      assertThat(heard.status().isOk()).isTrue();
      heard.checkOrder();
      var done = heard.done().getDone();
      finishes.add(done.getFinish());
      assertThat(heard.text().toLowerCase(java.util.Locale.ROOT)).doesNotContain("somebody");
      Decision record =
          host.operator()
              .getDecision(
                  GetDecisionRequest.newBuilder()
                      .setDecisionId(heard.frames().getFirst().getStarted().getDecisionId())
                      .build());
      assertThat(record.getOutput()).isEqualTo(heard.text());
      assertThat(done.getCharacters()).isEqualTo(heard.text().length());
    }
    assertThat(finishes).contains(Finish.FINISH_COMPLETE, Finish.FINISH_TRUNCATED);
  }

  private Heard hear(GenerateRequest request) throws Exception {
    return read(request).rest();
  }

  private Reader read(GenerateRequest request) {
    Reader reader = new Reader(Integer.MAX_VALUE);
    Context.ROOT.run(() ->
        host.listener().withDeadlineAfter(60, TimeUnit.SECONDS).streamGenerate(request, reader));
    return reader;
  }

  /// All that a stream said.
  private record Heard(List<GenerateFrame> frames, Status status) {
    List<GenerateFrame> deltas() {
      return frames.stream().filter(GenerateFrame::hasDelta).toList();
    }

    GenerateFrame done() {
      return frames.getLast();
    }

    String text() {
      return String.join("", deltas().stream().map(frame -> frame.getDelta().getText()).toList());
    }

    void checkOrder() {
      assertThat(frames.getFirst().hasStarted()).isTrue();
      assertThat(frames.getLast().hasDone()).isTrue();
      assertThat(frames).filteredOn(GenerateFrame::hasStarted).hasSize(1);
      assertThat(frames).filteredOn(GenerateFrame::hasDone).hasSize(1);
      assertThat(deltas())
          .extracting(frame -> frame.getDelta().getIndex())
          .containsExactlyElementsOf(IntStream.range(0, deltas().size()).boxed().toList());
    }
  }

  /// Reads a stream at its own pace.
  private static final class Reader
      implements ClientResponseObserver<GenerateRequest, GenerateFrame> {
    private final BlockingQueue<GenerateFrame> frames = new LinkedBlockingQueue<>();
    private final CompletableFuture<Status> end = new CompletableFuture<>();
    private final int atFirst;
    private final AtomicReference<@Nullable ClientCallStreamObserver<GenerateRequest>> call =
        new AtomicReference<>();

    Reader(int atFirst) {
      this.atFirst = atFirst;
    }

    GenerateFrame next() throws InterruptedException {
      return Objects.requireNonNull(frames.poll(60, TimeUnit.SECONDS), "no frame came");
    }

    Heard rest() throws Exception {
      Status status = end.get(60, TimeUnit.SECONDS);
      return new Heard(List.copyOf(frames), status);
    }

    void request(int count) {
      Objects.requireNonNull(call.get()).request(count);
    }

    void leave() {
      Objects.requireNonNull(call.get()).cancel("heard enough", null);
    }

    @Override
    public void beforeStart(ClientCallStreamObserver<GenerateRequest> started) {
      started.disableAutoRequestWithInitial(atFirst);
      call.set(started);
    }

    @Override
    public void onNext(GenerateFrame frame) {
      frames.add(frame);
    }

    @Override
    public void onError(Throwable error) {
      end.complete(Status.fromThrowable(error));
    }

    @Override
    public void onCompleted() {
      end.complete(Status.OK);
    }
  }
}
