package vesper.time;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.rpc.BadRequest;
import io.grpc.Status;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.nats.client.Connection;
import io.nats.client.Nats;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import vesper.testing.TestClock;
import vesper.testing.TestDatabase;
import vesper.testing.TestNats;
import vesper.time.v1.GameTime;
import vesper.time.v1.GetTimeRequest;
import vesper.time.v1.HourChanged;
import vesper.time.v1.PauseClockRequest;
import vesper.time.v1.Paused;
import vesper.time.v1.Rate;
import vesper.time.v1.ResumeClockRequest;
import vesper.time.v1.Resumed;
import vesper.time.v1.SetClockRateRequest;
import vesper.time.v1.StreamTimeRequest;
import vesper.time.v1.TickCause;
import vesper.time.v1.Ticked;
import vesper.time.v1.TimeTick;

class TimeModuleTest {
  private static final long HOUR = 3_600;
  private static final Duration BOUND = Duration.ofSeconds(60);

  private final TestNats.Owned nats = TestNats.startOwn();
  private final TestDatabase database = TestDatabase.create();
  private final TestClock time = TestClock.create();
  private final List<Replica> replicas = new ArrayList<>();

  @AfterEach
  void stop() {
    replicas.forEach(Replica::close);
    database.close();
    nats.close();
  }

  private Replica replica() {
    Replica replica = Replica.start(nats.url(), database, time);
    replicas.add(replica);
    return replica;
  }

  @Test
  void rpcs_overNats_tellAndSteerTheTime() {
    Replica replica = replica();
    assertThat(getTime(replica).getGameSeconds()).isEqualTo(Worlds.SEVEN);
    assertThat(getTime(replica).getDate().getMonthName()).isEqualTo("Sluice");
    setRate(replica, 1_000);
    time.advance(Duration.ofMillis(100));
    assertThat(getTime(replica).getGameSeconds()).isEqualTo(Worlds.SEVEN + 100);
  }

  @Test
  void rpcs_thatAreRefused_sayWhy() {
    Replica replica = replica();
    assertThatThrownBy(() -> replica.player().setClockRate(rate(60, 1)))
        .satisfies(refusal -> assertThat(code(refusal)).isEqualTo(Status.Code.PERMISSION_DENIED));
    assertThatThrownBy(() -> replica.operator().setClockRate(rate(10_001, 1)))
        .satisfies(refusal -> {
          assertThat(code(refusal)).isEqualTo(Status.Code.INVALID_ARGUMENT);
          assertThat(field(refusal)).isEqualTo("rate");
        });
    assertThatThrownBy(() -> replica.player().getTime(request("body-broke")))
        .hasMessageContaining("did you mean 'body-broker'?")
        .satisfies(refusal -> assertThat(code(refusal)).isEqualTo(Status.Code.NOT_FOUND));
  }

  @Test
  void streamTime_ticksUntilTheReaderLeaves() throws Exception {
    Replica replica = replica();
    Reader reader = new Reader();
    replica
        .readingPlayer()
        .streamTime(StreamTimeRequest.newBuilder().setWorldId(Replica.WORLD).build(), reader);
    assertThat(reader.next().getCause()).isEqualTo(TickCause.TICK_CAUSE_START);
    time.advance(Duration.ofSeconds(1));
    TimeTick minute = reader.next();
    assertThat(minute.getCause()).isEqualTo(TickCause.TICK_CAUSE_UNIT);
    assertThat(minute.getTime().getGameSeconds()).isEqualTo(Worlds.SEVEN + 60);
    pause(replica);
    assertThat(reader.next().getTime().getClock().getPauseReasonsList()).containsExactly("menu");
    resume(replica);
    assertThat(reader.next().getTime().getClock().getPaused()).isFalse();
    reader.leave();
    await().atMost(BOUND).until(() -> replica.openStreams() == 0);
  }

  @Test
  void replicaThatStops_sendsItsReadersAway() {
    Replica replica = replica();
    Reader reader = new Reader();
    replica
        .readingPlayer()
        .streamTime(StreamTimeRequest.newBuilder().setWorldId(Replica.WORLD).build(), reader);
    await().atMost(BOUND).until(() -> replica.openStreams() == 1);
    replica.close();
    assertThat(reader.end.orTimeout(60, TimeUnit.SECONDS).join().getCode())
        .isEqualTo(Status.Code.UNAVAILABLE);
  }

  /// A day and six hours at rate 10,000, announced by two replicas at the same time.
  @Test
  void boundaryStorm_onTwoReplicas_isPublishedOnceAndInOrder() throws Exception {
    Replica one = replica();
    replica();
    setRate(one, 10_000);
    for (int step = 0; step < 300; step++) {
      time.advance(Duration.ofMillis(36));
    }
    long end = Worlds.SEVEN + 30 * HOUR;
    await().atMost(BOUND).until(() -> getTime(one).getGameSeconds() == end);
    await().atMost(BOUND).until(() -> one.announcedTo() == end);
    List<Announcement> expected = Worlds.standard("x").boundaries().between(Worlds.SEVEN, end);
    await()
        .atMost(BOUND)
        .untilAsserted(() ->
            assertThat(StoredEvents.read(nats.url()).stream().skip(1).map(TimeModuleTest::moment))
                .containsExactlyElementsOf(
                    expected.stream().map(told -> ((Boundary) told).gameSeconds()).toList()));
  }

  @Test
  void boundary_committedWhileTheBrokerIsDown_isPublishedOnceByTheNextProcess() throws Exception {
    Replica first = replica();
    assertThat(getTime(first).getGameSeconds()).isEqualTo(Worlds.SEVEN);
    nats.kill();
    time.advance(Duration.ofSeconds(60));
    await().atMost(BOUND).until(() -> first.announcedTo() >= 8 * HOUR);
    replicas.remove(first);
    first.close();
    nats.start();
    replica();
    await()
        .atMost(BOUND)
        .untilAsserted(() -> assertThat(StoredEvents.read(nats.url())).isNotEmpty());
    time.advance(Duration.ofSeconds(60));
    await()
        .atMost(BOUND)
        .untilAsserted(() ->
            assertThat(StoredEvents.read(nats.url()))
                .hasExactlyElementsOfTypes(HourChanged.class, HourChanged.class)
                .extracting(TimeModuleTest::moment)
                .containsExactly(8 * HOUR, 9 * HOUR));
  }

  @Test
  void restart_continuesTheClockAndTellsWhatWasMissed() throws Exception {
    Replica first = replica();
    assertThat(getTime(first).getGameSeconds()).isEqualTo(Worlds.SEVEN);
    replicas.remove(first);
    first.close();
    time.advance(Duration.ofMinutes(2));
    Replica second = replica();
    assertThat(getTime(second).getGameSeconds()).isEqualTo(Worlds.SEVEN + 2 * HOUR);
    await()
        .atMost(BOUND)
        .untilAsserted(() ->
            assertThat(StoredEvents.read(nats.url()))
                .extracting(TimeModuleTest::moment)
                .containsExactly(8 * HOUR, 9 * HOUR));
  }

  @Test
  void pausedWorld_isSilent() throws Exception {
    Replica replica = replica();
    pause(replica);
    time.advance(Duration.ofDays(1));
    resume(replica);
    time.advance(Duration.ofMinutes(1));
    await()
        .atMost(BOUND)
        .untilAsserted(() ->
            assertThat(StoredEvents.read(nats.url()))
                .hasExactlyElementsOfTypes(Paused.class, Resumed.class, HourChanged.class));
  }

  @Test
  void changeOnOneReplica_isSeenOnTheOther() {
    Replica one = replica();
    Replica other = replica();
    setRate(one, 600);
    await()
        .atMost(BOUND)
        .untilAsserted(() -> {
          for (int call = 0; call < 8; call++) {
            assertThat(getTime(other).getClock().getRate().getNumerator()).isEqualTo(600);
          }
        });
  }

  @Test
  void liveTicks_ofTwoReplicas_comeOnce() throws Exception {
    BlockingQueue<Long> ticks = new LinkedBlockingQueue<>();
    Connection listener = Nats.connect(nats.url().toString());
    try {
      listener
          .createDispatcher()
          .subscribe("live.time.ticked.v1.*", message -> ticks.add(ticked(message.getData())));
      listener.flush(Duration.ofSeconds(5));
      replica();
      replica();
      Long first = null;
      while (first == null) {
        time.advance(Duration.ofSeconds(1));
        first = ticks.poll(600, TimeUnit.MILLISECONDS);
      }
      for (int minute = 1; minute <= 5; minute++) {
        time.advance(Duration.ofSeconds(1));
        assertThat(ticks.poll(60, TimeUnit.SECONDS)).isEqualTo(first + minute * 60L);
      }
    } finally {
      listener.close();
    }
  }

  private static long ticked(byte[] data) {
    try {
      return Ticked.parseFrom(data).getGameSeconds();
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException(e);
    }
  }

  private static GameTime getTime(Replica replica) {
    return replica.player().getTime(request(Replica.WORLD));
  }

  private static GetTimeRequest request(String world) {
    return GetTimeRequest.newBuilder().setWorldId(world).build();
  }

  private static void setRate(Replica replica, long gameSeconds) {
    assertThat(replica.operator().setClockRate(rate(gameSeconds, 1)).getClock().getVersion())
        .isEqualTo(2);
  }

  private static SetClockRateRequest rate(long gameSeconds, long realSeconds) {
    return SetClockRateRequest.newBuilder()
        .setWorldId(Replica.WORLD)
        .setRate(Rate.newBuilder().setNumerator(gameSeconds).setDenominator(realSeconds))
        .build();
  }

  private static void pause(Replica replica) {
    assertThat(
            replica
                .operator()
                .pauseClock(
                    PauseClockRequest.newBuilder()
                        .setWorldId(Replica.WORLD)
                        .setReason("menu")
                        .build())
                .getClock()
                .getPaused())
        .isTrue();
  }

  private static void resume(Replica replica) {
    assertThat(
            replica
                .operator()
                .resumeClock(
                    ResumeClockRequest.newBuilder()
                        .setWorldId(Replica.WORLD)
                        .setReason("menu")
                        .build())
                .getClock()
                .getPaused())
        .isFalse();
  }

  private static long moment(Message event) {
    return (long) event.getField(event.getDescriptorForType().findFieldByName("game_seconds"));
  }

  private static Status.Code code(Throwable refusal) {
    return Status.fromThrowable(refusal).getCode();
  }

  private static String field(Throwable refusal) throws Exception {
    return Objects.requireNonNull(StatusProto.fromThrowable(refusal))
        .getDetails(0)
        .unpack(BadRequest.class)
        .getFieldViolations(0)
        .getField();
  }

  /// Reads a stream of ticks until it leaves.
  private static final class Reader implements ClientResponseObserver<StreamTimeRequest, TimeTick> {
    private final BlockingQueue<TimeTick> ticks = new LinkedBlockingQueue<>();
    private final CompletableFuture<Status> end = new CompletableFuture<>();
    private final AtomicReference<@Nullable ClientCallStreamObserver<StreamTimeRequest>> call =
        new AtomicReference<>();

    TimeTick next() throws InterruptedException {
      return Objects.requireNonNull(ticks.poll(60, TimeUnit.SECONDS), "no tick came");
    }

    void leave() {
      Objects.requireNonNull(call.get()).cancel("read enough", null);
    }

    @Override
    public void beforeStart(ClientCallStreamObserver<StreamTimeRequest> started) {
      call.set(started);
    }

    @Override
    public void onNext(TimeTick tick) {
      ticks.add(tick);
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
