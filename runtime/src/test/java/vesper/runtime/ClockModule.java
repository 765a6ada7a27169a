package vesper.runtime;

import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import vesper.time.v1.Calendar;
import vesper.time.v1.ConvertTimeRequest;
import vesper.time.v1.ConvertTimeResponse;
import vesper.time.v1.GameTime;
import vesper.time.v1.GetCalendarRequest;
import vesper.time.v1.GetTimeRequest;
import vesper.time.v1.HourChanged;
import vesper.time.v1.PauseClockRequest;
import vesper.time.v1.SetClockRateRequest;
import vesper.time.v1.StreamTimeRequest;
import vesper.time.v1.TimeGrpc;
import vesper.time.v1.TimeTick;

/// A small service behind a real contract, for tests.
final class ClockModule implements ServiceModule {
  /// Settings of the small service.
  record Clocks(@Setting("3") int start) {}

  /// What a call of SetClockRate throws, when it shall.
  volatile Supplier<? extends RuntimeException> failure = () -> new IllegalStateException("secret");

  /// Holds calls of PauseClock until released.
  volatile CountDownLatch gate = new CountDownLatch(0);

  final AtomicInteger paused = new AtomicInteger();
  final AtomicInteger workerRuns = new AtomicInteger();
  volatile int configured;

  @Override
  public String id() {
    return "time-manager";
  }

  @Override
  public String domain() {
    return "time";
  }

  @Override
  public List<Class<? extends Record>> settings() {
    return List.of(Clocks.class);
  }

  @Override
  public Wiring wire(ServiceContext context) {
    configured = context.config(Clocks.class).start();
    return new Wiring(List.of(new Service(context)), List.of(new Loop()));
  }

  private final class Loop implements Worker {
    @Override
    public String name() {
      return "loop";
    }

    @Override
    public void run(Stopping stop) throws InterruptedException {
      if (workerRuns.incrementAndGet() == 1) {
        throw new IllegalStateException("the first run fails");
      }
      while (!stop.await(Duration.ofSeconds(1))) {
        workerRuns.addAndGet(0);
      }
    }
  }

  private final class Service extends TimeGrpc.TimeImplBase {
    private final ServiceContext context;
    private final Database database;

    Service(ServiceContext context) {
      this.context = context;
      this.database = context.database();
    }

    /// Answers with the caller, to be seen by tests: request id, subject and calling service as
    /// pause reasons.
    @Override
    public void getTime(GetTimeRequest request, StreamObserver<GameTime> answer) {
      CallContext call = CallContext.current();
      GameTime.Builder time = GameTime.newBuilder().setWorldId(request.getWorldId());
      time.getClockBuilder()
          .addPauseReasons(call.requestId())
          .addPauseReasons(call.principal().subject())
          .addPauseReasons(call.callerService().orElse(""));
      answer.onNext(time.build());
      answer.onCompleted();
    }

    /// Calls GetTime over the channel of the service.
    @Override
    public void convertTime(
        ConvertTimeRequest request, StreamObserver<ConvertTimeResponse> answer) {
      GameTime time =
          TimeGrpc.newBlockingStub(context.channel())
              .getTime(GetTimeRequest.newBuilder().setWorldId(request.getWorldId()).build());
      answer.onNext(ConvertTimeResponse.newBuilder().setTime(time).build());
      answer.onCompleted();
    }

    /// Counts in the database and takes an event.
    @Override
    public void getCalendar(GetCalendarRequest request, StreamObserver<Calendar> answer) {
      long count =
          database.write(
              "counter.add",
              handle -> {
                context
                    .outbox()
                    .publish(
                        handle,
                        HourChanged.newBuilder().setWorldId(request.getWorldId()).build(),
                        request.getWorldId());
                return handle
                    .createQuery(
                        """
                        insert into time.counter as c values (:name, 1)
                        on conflict (name) do update set value = c.value + 1 returning value
                        """)
                    .bind("name", request.getWorldId())
                    .mapTo(Long.class)
                    .one();
              });
      CallContext.current().markReplayed();
      answer.onNext(Calendar.newBuilder().setDaysPerYear((int) count).build());
      answer.onCompleted();
    }

    @Override
    public void setClockRate(SetClockRateRequest request, StreamObserver<GameTime> answer) {
      throw failure.get();
    }

    @Override
    public void pauseClock(PauseClockRequest request, StreamObserver<GameTime> answer) {
      paused.incrementAndGet();
      try {
        gate.await();
      } catch (InterruptedException e) {
        answer.onError(Status.CANCELLED.withCause(e).asRuntimeException());
        return;
      }
      answer.onNext(GameTime.getDefaultInstance());
      answer.onCompleted();
    }

    @Override
    public void streamTime(StreamTimeRequest request, StreamObserver<TimeTick> answer) {
      for (int i = 0; i < 5; i++) {
        answer.onNext(TimeTick.getDefaultInstance());
      }
      answer.onCompleted();
    }
  }
}
