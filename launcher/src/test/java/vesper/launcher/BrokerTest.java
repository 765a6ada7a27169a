package vesper.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BrokerTest {
  @ParameterizedTest
  @CsvSource({
    "evt.>, evt.time.>",
    "evt.time.>, evt.time.>",
    "evt.*.hour_changed.v1.harbor, evt.time.hour_changed.v1.harbor",
    "evt.time.hour_changed.v1.*, evt.time.hour_changed.v1.*",
  })
  void narrow_takesTheNarrower(String wished, String expected) {
    assertThat(Broker.narrow(wished, "evt.time.>")).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({"evt.npc.>", "evt", "evt.time"})
  void narrow_nothingInCommon_isEmpty(String wished) {
    assertThat(Broker.narrow(wished, "evt.time.>")).isEmpty();
  }
}
