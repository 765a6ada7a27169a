package vesper.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.nats.client.Connection;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import vesper.testing.NatsExtension;
import vesper.testing.TestNats;

@ExtendWith(NatsExtension.class)
final class LanesTest {
  private final Nodes nodes;
  private final Lanes lanes;
  private final Endpoint<String, String> endpoint;

  LanesTest(TestNats nats) {
    nodes = new Nodes(nats.url());
    Connection connection = nodes.connect("server");
    ServerSettings settings =
        new ServerSettings(
            connection,
            new TransportCounters(),
            Sweeper.SHARED,
            new Admission(10),
            TimeUnit.SECONDS.toNanos(5),
            TimeUnit.SECONDS.toNanos(5));
    lanes = new Lanes(settings, "svc.probe.v1.control", "one");
    @SuppressWarnings("unchecked") // the probe's methods take and give text
    io.grpc.ServerMethodDefinition<String, String> ask =
        (io.grpc.ServerMethodDefinition<String, String>)
            new Probe().definition().getMethod("vesper.probe.v1.Probe/Ask");
    endpoint =
        new Endpoint<>(
            ask, SubjectScheme.standard().route("vesper.probe.v1.Probe/Ask"), settings, lanes);
  }

  @AfterEach
  void close() {
    nodes.close();
  }

  private NatsServerCall<String, String> call() {
    return new NatsServerCall<>(
        endpoint, io.nats.client.impl.NatsMessage.builder().subject("x").build(), "i.1.5m");
  }

  @Test
  void idleLane_isReplacedForTheNextCall() {
    long now = System.nanoTime();
    Lane first = lanes.join("inbox", 1, call(), now);
    assertThat(first).isNotNull();
    if (first == null) {
      return;
    }

    lanes.sweep(now + TimeUnit.MINUTES.toNanos(2));
    assertThat(lanes.join("inbox", 2, call(), now)).isSameAs(first);
    first.calls.clear();
    lanes.sweep(now + TimeUnit.MINUTES.toNanos(2));

    assertThat(first.retired).isTrue();
    assertThat(lanes.join("inbox", 3, call(), now)).isNotNull().isNotSameAs(first);
  }

  @Test
  void laneRetiredMeanwhile_isNotJoined() {
    long now = System.nanoTime();
    Lane first = lanes.join("inbox", 1, call(), now);
    assertThat(first).isNotNull();
    if (first == null) {
      return;
    }
    first.calls.clear();
    first.retired = true;

    Lane second = lanes.join("inbox", 2, call(), now);

    assertThat(second).isNotNull().isNotSameAs(first);
    assertThat(first.calls).isEmpty();
  }

  @Test
  void idInUse_isNotJoined() {
    long now = System.nanoTime();

    assertThat(lanes.join("inbox", 1, call(), now)).isNotNull();
    assertThat(lanes.join("inbox", 1, call(), now)).isNull();
  }

  @Test
  void callers_areBounded() {
    long now = System.nanoTime();
    for (int i = 0; i < 10_000; i++) {
      assertThat(lanes.join("inbox" + i, 1, call(), now)).isNotNull();
    }

    assertThat(lanes.join("one too many", 1, call(), now)).isNull();
    assertThat(lanes.join("inbox7", 2, call(), now)).isNotNull();
  }
}
