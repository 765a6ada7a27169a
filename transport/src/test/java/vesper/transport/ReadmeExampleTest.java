package vesper.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.protobuf.services.HealthStatusManager;
import io.nats.client.Connection;
import io.nats.client.Nats;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import vesper.testing.NatsExtension;
import vesper.testing.TestNats;

/// The example of the README, which is this file's own text.
@ExtendWith(NatsExtension.class)
final class ReadmeExampleTest {
  @Test
  void example_runs(TestNats nats) throws Exception {
    URI url = nats.url();
    HealthStatusManager manager = new HealthStatusManager();
    // example
    Connection connection = Nats.connect(NatsConnections.rpc("example", url).build());
    LocalServices local = LocalServices.create();
    NatsServer server =
        NatsServer.builder(connection)
            .name("health")
            .version("1.0.0")
            .addService(manager.getHealthService().bindService())
            .local(local)
            .build()
            .start();

    NatsChannel nearAndFar = NatsChannel.builder(connection).build();
    Discovery discovery = Discovery.start(connection, Duration.ofSeconds(1));
    RoutingChannel channel = RoutingChannel.of(Routing.AUTO, local, nearAndFar, discovery);
    String status =
        HealthGrpc.newBlockingStub(channel)
            .check(HealthCheckRequest.getDefaultInstance())
            .getStatus()
            .name();

    server.drain(Duration.ofSeconds(25));
    discovery.close();
    nearAndFar.close();
    local.close();
    connection.close();
    // end
    assertThat(status).isEqualTo("SERVING");
  }

  @Test
  void readme_showsTheExample() throws IOException {
    List<String> source =
        Files.readAllLines(Path.of("src/test/java/vesper/transport/ReadmeExampleTest.java"));
    List<String> lines = source.stream().map(String::strip).toList();
    String example =
        source.subList(lines.indexOf("// example") + 1, lines.indexOf("// end")).stream()
            .map(line -> line.isEmpty() ? line : line.substring(4))
            .collect(Collectors.joining("\n"));

    assertThat(Files.readString(Path.of("README.md"))).contains(example);
  }
}
