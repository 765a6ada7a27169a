package vesper.world;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.StatusRuntimeException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import vesper.runtime.Refusal;

class OutageTest {
  @Test
  void pause_whileTheDatabaseIsAway_letsTheLoopGoOn() {
    Outage outage = new Outage("loop");
    StatusRuntimeException away = Refusal.unavailable(Duration.ofSeconds(1), "away");
    assertThat(outage.pause(away)).isPositive();
    assertThat(outage.pause(away)).isPositive();
    outage.over();
    outage.over();
  }

  @Test
  void pause_forAMistake_throwsIt() {
    StatusRuntimeException mistake = Refusal.invalid("field", "wrong");
    assertThatThrownBy(() -> new Outage("loop").pause(mistake)).isSameAs(mistake);
  }
}
