package vesper.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class OutageTest {
  private final Outage outage = new Outage("test");

  @Test
  void whatHeals_isWaitedFor() {
    assertThat(outage.pause(Status.UNAVAILABLE.asRuntimeException())).isPositive();
    assertThat(outage.pause(Status.DEADLINE_EXCEEDED.asRuntimeException()))
        .isEqualTo(Duration.ofSeconds(2));
    outage.over();
    outage.over();
    assertThat(outage.pause(Status.ABORTED.asRuntimeException())).isEqualTo(Duration.ofSeconds(1));
  }

  @Test
  void whatDoesNotHeal_isThrown() {
    StatusRuntimeException mistake = Status.INVALID_ARGUMENT.asRuntimeException();
    assertThatThrownBy(() -> outage.pause(mistake)).isSameAs(mistake);
  }
}
