package vesper.runtime;

import io.grpc.Status;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/// The metrics of one rpc on one side. Timers are made when a code is seen first.
final class MethodMeters {
  private static final Duration[] BUCKETS = buckets();

  private final MeterRegistry meters;
  private final String side;
  private final MethodPolicy method;
  private final AtomicReferenceArray<@Nullable Timer> timers =
      new AtomicReferenceArray<>(Status.Code.values().length);

  /// @param side `server` or `client`
  MethodMeters(MeterRegistry meters, String side, MethodPolicy method) {
    this.meters = meters;
    this.side = side;
    this.method = method;
  }

  /// Counts a finished call.
  void record(Status.Code code, long nanos) {
    Timer timer = timers.get(code.value());
    if (timer == null) {
      timer = timer(code);
      timers.set(code.value(), timer);
    }
    timer.record(nanos, TimeUnit.NANOSECONDS);
  }

  Counter counter(String name, String description) {
    return Counter.builder("vesper.rpc." + side + "." + name)
        .tag("domain", method.domain())
        .tag("method", method.name())
        .description(description)
        .register(meters);
  }

  void gauge(String name, AtomicInteger value, String description) {
    Gauge.builder("vesper.rpc." + side + "." + name, value, AtomicInteger::get)
        .tag("domain", method.domain())
        .tag("method", method.name())
        .description(description)
        .register(meters);
  }

  private Timer timer(Status.Code code) {
    return Timer.builder("vesper.rpc." + side + ".duration")
        .tag("domain", method.domain())
        .tag("method", method.name())
        .tag("code", code.name())
        .description("Time of a call from its headers to its status")
        .serviceLevelObjectives(BUCKETS)
        .register(meters);
  }

  private static Duration[] buckets() {
    Duration[] buckets = new Duration[15];
    long micros = 250;
    for (int i = 0; i < 14; i++) {
      buckets[i] = Duration.ofNanos(micros * 1_000);
      micros *= 2;
    }
    buckets[14] = Duration.ofSeconds(8);
    return buckets;
  }
}
