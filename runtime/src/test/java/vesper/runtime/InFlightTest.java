package vesper.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.util.Durations;
import com.google.rpc.RetryInfo;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import vesper.time.v1.TimeGrpc;

class InFlightTest {
  private static final long AMPLE = Long.MAX_VALUE;

  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

  @ParameterizedTest
  @CsvSource({"1, 50", "300, 300", "60000, 5000"})
  void enter_full_isRefusedForAboutAsLongAsACallTakes(long millis, long retry) throws Exception {
    InFlight calls = calls(2, false);
    calls.enter(AMPLE);
    calls.leave(TimeUnit.MILLISECONDS.toNanos(millis));
    calls.enter(AMPLE);
    calls.enter(AMPLE);

    StatusRuntimeException refused =
        catchThrowableOfType(StatusRuntimeException.class, () -> calls.enter(AMPLE));

    assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
    assertThat(retryMillis(refused)).isEqualTo(retry);
    assertThat(meters.get("vesper.rpc.server.shed").counter().count()).isEqualTo(1);
    calls.leave(1);
    calls.enter(AMPLE);
  }

  @Test
  void enter_deadlineThatCannotBeMet_isRefusedOnlyUnderLoad() {
    InFlight calls = calls(4, false);
    calls.enter(AMPLE);
    calls.leave(TimeUnit.MILLISECONDS.toNanos(100));
    long tooShort = TimeUnit.MILLISECONDS.toNanos(40);
    calls.enter(tooShort);
    calls.enter(tooShort);
    calls.enter(tooShort);

    StatusRuntimeException refused =
        catchThrowableOfType(StatusRuntimeException.class, () -> calls.enter(tooShort));

    assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
    calls.enter(TimeUnit.MILLISECONDS.toNanos(60));
  }

  @Test
  void enter_streams_areNotJudgedByHowLongTheyLast() throws Exception {
    InFlight streams = calls(2, true);
    streams.enter(AMPLE);
    streams.leave(TimeUnit.HOURS.toNanos(1));
    streams.enter(1);
    streams.enter(1);

    StatusRuntimeException refused =
        catchThrowableOfType(StatusRuntimeException.class, () -> streams.enter(AMPLE));

    assertThat(retryMillis(refused)).isEqualTo(1_000);
  }

  private InFlight calls(int limit, boolean streams) {
    MethodPolicy policy = MethodPolicy.of(TimeGrpc.getGetTimeMethod());
    return new InFlight(limit, streams, new MethodMeters(meters, "server", policy));
  }

  private static long retryMillis(StatusRuntimeException refused) throws Exception {
    return Durations.toMillis(
        Objects.requireNonNull(StatusProto.fromThrowable(refused))
            .getDetails(0)
            .unpack(RetryInfo.class)
            .getRetryDelay());
  }
}
