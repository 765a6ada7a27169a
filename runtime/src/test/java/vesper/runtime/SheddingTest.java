package vesper.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import vesper.testing.NatsExtension;
import vesper.testing.PostgresExtension;
import vesper.testing.TestDatabase;
import vesper.testing.TestNats;
import vesper.time.v1.GameTime;
import vesper.time.v1.GetTimeRequest;
import vesper.time.v1.PauseClockRequest;
import vesper.time.v1.TimeGrpc;
import vesper.transport.Routing;

/// A service under more load than a method of it may take.
@ExtendWith({NatsExtension.class, PostgresExtension.class})
class SheddingTest {
  private static final int BOUND = 4;
  private static final int CALLERS = 64;
  private static final int CALLS = 10;

  private final InstallationKeys keys = InstallationKeys.ephemeral();
  private final SlowModule module = new SlowModule();
  private final HostBuilder builder;

  SheddingTest(TestNats nats, TestDatabase database) {
    builder =
        Host.builder()
            .nats(nats.url())
            .database(database.jdbcUrl(), database.user(), database.password())
            .keys(keys)
            .routing(Routing.NATS)
            .modules(List.of(module));
  }

  @Test
  void calls_beyondTheBoundOfTheirMethod_areShedAndOthersAreServed() throws Exception {
    Map<String, String> bounds =
        Map.of("vesper.runtime.rpc.bounds", "vesper.time.v1.Time/PauseClock=" + BOUND);
    try (Host host = builder.config(Config.of(bounds)).build();
        ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
      host.start();
      assertThat(host.awaitReady(Duration.ofSeconds(30))).isTrue();
      TimeGrpc.TimeBlockingStub time =
          TimeGrpc.newBlockingStub(host.channel())
              .withInterceptors(TestCalls.as(keys, TestCalls.OPERATOR));

      List<Future<Map<Status.Code, Integer>>> slow = new ArrayList<>();
      for (int i = 0; i < CALLERS; i++) {
        slow.add(
            callers.submit(() ->
                ends(() -> {
                  PauseClockRequest request =
                      PauseClockRequest.newBuilder().setWorldId("w").setReason("r").build();
                  return time.withDeadlineAfter(Duration.ofSeconds(20)).pauseClock(request);
                })));
      }
      Map<Status.Code, Integer> fast =
          ends(() ->
              time.withDeadlineAfter(Duration.ofSeconds(20))
                  .getTime(GetTimeRequest.newBuilder().setWorldId("w").build()));
      Map<Status.Code, Integer> all = new EnumMap<>(Status.Code.class);
      for (Future<Map<Status.Code, Integer>> one : slow) {
        one.get().forEach((code, count) -> all.merge(code, count, Integer::sum));
      }

      assertThat(all).containsOnlyKeys(Status.Code.OK, Status.Code.RESOURCE_EXHAUSTED);
      assertThat(fast).isEqualTo(Map.of(Status.Code.OK, CALLS));
      assertThat(module.most.get()).isBetween(1, BOUND);
      assertThat(host.meters().get("vesper.rpc.server.shed").counters())
          .anyMatch(
              counter -> counter.count() == all.getOrDefault(Status.Code.RESOURCE_EXHAUSTED, 0));
    }
  }

  @Test
  void build_boundThatIsNone_isAMistake() {
    HostBuilder wrong =
        builder.config(Config.of(Map.of("vesper.runtime.rpc.bounds", "Time/PauseClock=4")));

    assertThatThrownBy(wrong::build)
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("vesper.auth.v1.Auth/Login=16");
  }

  @Test
  void build_boundOfNoRpc_isAMistake() {
    HostBuilder wrong =
        builder.config(
            Config.of(Map.of("vesper.runtime.rpc.bounds", "vesper.time.v1.Time/PauseClok=4")));

    assertThatThrownBy(wrong::build)
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("did you mean 'vesper.time.v1.Time/PauseClock'?");
  }

  private static Map<Status.Code, Integer> ends(java.util.function.Supplier<GameTime> call) {
    Map<Status.Code, Integer> ends = new EnumMap<>(Status.Code.class);
    for (int i = 0; i < CALLS; i++) {
      Status.Code code;
      try {
        assertThat(call.get()).isNotNull();
        code = Status.Code.OK;
      } catch (RuntimeException e) {
        code = Status.fromThrowable(e).getCode();
      }
      ends.merge(code, 1, Integer::sum);
    }
    return ends;
  }

  private static final class SlowModule implements ServiceModule {
    final AtomicInteger most = new AtomicInteger();

    @Override
    public String id() {
      return "time-manager";
    }

    @Override
    public String domain() {
      return "time";
    }

    @Override
    public Wiring wire(ServiceContext context) {
      AtomicInteger running = new AtomicInteger();
      return Wiring.of(
          new TimeGrpc.TimeImplBase() {
            @Override
            public void pauseClock(PauseClockRequest request, StreamObserver<GameTime> out) {
              most.accumulateAndGet(running.incrementAndGet(), Math::max);
              LockSupport.parkNanos(Duration.ofMillis(10).toNanos());
              running.decrementAndGet();
              out.onNext(GameTime.getDefaultInstance());
              out.onCompleted();
            }

            @Override
            public void getTime(GetTimeRequest request, StreamObserver<GameTime> out) {
              out.onNext(GameTime.getDefaultInstance());
              out.onCompleted();
            }
          });
    }
  }
}
