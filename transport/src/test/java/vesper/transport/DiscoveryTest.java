package vesper.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.nats.client.Connection;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import vesper.testing.NatsExtension;
import vesper.testing.TestNats;

@ExtendWith(NatsExtension.class)
final class DiscoveryTest {
  private static final Duration BOUND = Duration.ofSeconds(30);

  private final Nodes nodes;

  DiscoveryTest(TestNats nats) {
    nodes = new Nodes(nats.url());
  }

  @AfterEach
  void close() {
    nodes.close();
  }

  @Test
  void instances_comeLeaveAndGo() {
    Discovery discovery =
        nodes.closing(Discovery.start(nodes.connect("watcher"), Duration.ofMillis(50)));
    NatsServer server = nodes.start(new Probe().definition());
    Discovery.Instance serving =
        new Discovery.Instance("probe", server.instance(), "0.0.0", Set.of("probe"), true);

    await().atMost(BOUND).until(() -> discovery.instances("probe").equals(List.of(serving)));
    assertThat(discovery.serving("probe")).containsExactly(server.instance());
    assertThat(discovery.instances("other")).isEmpty();

    server.leave();
    await().atMost(BOUND).until(() -> discovery.serving("probe").isEmpty());
    assertThat(discovery.instances("probe")).hasSize(1);

    server.close();
    await().atMost(BOUND).until(() -> discovery.instances().isEmpty());
  }

  @Test
  void answersThatAreNotOnes_areIgnored() {
    Connection liar = nodes.connect("liar");
    List<String> lies =
        List.of(
            "",
            "no json",
            "[]",
            "{\"name\":\"x\"}",
            "{\"name\":\"x\",\"id\":\"1\"}",
            "{\"name\":\"x\",\"id\":\"2\",\"version\":\"1.0.0\",\"metadata\":7}",
            "{\"name\":\"" + "x".repeat(20_000) + "\",\"id\":\"3\",\"version\":\"1.0.0\"}");
    liar.createDispatcher(question ->
            lies.forEach(
                lie -> liar.publish(question.getReplyTo(), lie.getBytes(StandardCharsets.UTF_8))))
        .subscribe("$SRV.PING");
    nodes.start(new Probe().definition());

    Discovery discovery =
        nodes.closing(Discovery.start(nodes.connect("watcher"), Duration.ofMillis(50)));

    await().atMost(BOUND).until(() -> discovery.serving("probe").size() == 1);
    await()
        .during(Duration.ofMillis(200))
        .atMost(BOUND)
        .until(() ->
            discovery.instances("x").stream()
                .allMatch(i -> i.id().equals("2") && !i.serving() && i.domains().isEmpty()));
  }

  @Test
  void close_twiceOrAfterItsConnection_isHarmless() throws Exception {
    Connection connection = nodes.connect("watcher");
    Discovery first = Discovery.start(connection, Duration.ofMillis(50));
    Discovery second = Discovery.start(connection, Duration.ofMillis(50));

    first.close();
    first.close();
    connection.close();
    second.close();

    assertThat(second.instances()).isEmpty();
  }

  @Test
  void interval_isBounded() {
    Connection connection = nodes.connect("watcher");

    assertThatThrownBy(() -> Discovery.start(connection, Duration.ofSeconds(3)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Discovery.start(connection, Duration.ZERO))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
