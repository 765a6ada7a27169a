package vesper.launcher;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.nats.client.Connection;
import io.nats.client.Message;
import io.nats.client.Subscription;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Asks the NATS service API which services answer, and the running process which of its own are
/// ready.
final class Instances {
  private static final Duration WAIT = Duration.ofMillis(300);
  private static final ObjectMapper JSON = new ObjectMapper();

  // A NATS connection may be interrupted while it closes.
  @SuppressWarnings("try")
  static List<StatusCommand.Line> list(DataDirectory data, RunningSystem system) throws Exception {
    Map<String, Set<String>> found = new HashMap<>();
    try (Connection nats = Broker.connect(data, system)) {
      String inbox = nats.createInbox();
      Subscription answers = nats.subscribe(inbox);
      nats.publish("$SRV.PING", inbox, new byte[0]);
      Message answer;
      while ((answer = answers.nextMessage(WAIT)) != null) {
        JsonNode service = JSON.readTree(answer.getData());
        if (!service.path("metadata").path("vesper-serving").asText().equals("true")) {
          continue;
        }
        found
            .computeIfAbsent(service.path("name").asText(), name -> new HashSet<>())
            .add(service.path("id").asText());
      }
    } catch (IOException noBroker) {
      found.clear();
    }
    List<StatusCommand.Line> lines = new ArrayList<>();
    for (String id : Catalogue.IDS) {
      int instances = found.getOrDefault(id, Set.of()).size();
      lines.add(new StatusCommand.Line(id, instances > 0 ? "READY" : "NOT_READY", instances));
    }
    boolean edge = Management.answers(system.gateway());
    lines.add(new StatusCommand.Line("gateway", edge ? "READY" : "NOT_READY", edge ? 1 : 0));
    return lines;
  }

  private Instances() {}
}
