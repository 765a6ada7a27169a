package vesper.launcher;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.nats.client.Connection;
import io.nats.client.Message;
import io.nats.client.Subscription;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/// Asks the NATS service API which services answer, and each running process whether it is ready.
final class Instances {
  private static final Duration WAIT = Duration.ofMillis(300);
  private static final ObjectMapper JSON = new ObjectMapper();

  /// One server of a service in one process.
  ///
  /// @param calls taken over NATS since its start
  private record Server(String service, long pid, URI management, long calls) {}

  // A NATS connection may be interrupted while it closes.
  @SuppressWarnings("try")
  static Overview list(DataDirectory data, RunningSystem system) throws Exception {
    List<Server> servers = new ArrayList<>();
    try (Connection nats = Broker.connect(data, system)) {
      String inbox = nats.createInbox();
      Subscription answers = nats.subscribe(inbox);
      nats.publish("$SRV.STATS", inbox, new byte[0]);
      Message answer;
      while ((answer = answers.nextMessage(WAIT)) != null) {
        JsonNode service = JSON.readTree(answer.getData());
        JsonNode metadata = service.path("metadata");
        if (metadata.path("vesper-serving").asText().equals("true")) {
          servers.add(
              new Server(
                  service.path("name").asText(),
                  metadata.path("vesper-pid").asLong(),
                  URI.create(metadata.path("vesper-management").asText()),
                  calls(service)));
        }
      }
    } catch (IOException noBroker) {
      servers.clear();
    }
    List<ReplicaFile> replicas = ReplicaFile.list(data);
    return new Overview(services(system, servers, replicas), processes(system, servers, replicas));
  }

  private static long calls(JsonNode service) {
    long calls = 0;
    for (JsonNode endpoint : service.path("endpoints")) {
      calls += endpoint.path("num_requests").asLong();
    }
    return calls;
  }

  private static List<Overview.Service> services(
      RunningSystem system, List<Server> servers, List<ReplicaFile> replicas) {
    List<Overview.Service> services = new ArrayList<>();
    for (String id : Catalogue.IDS) {
      services.add(
          new Overview.Service(
              id, (int) servers.stream().filter(each -> each.service().equals(id)).count()));
    }
    Stream<URI> gateways =
        Stream.concat(
            Stream.of(system.gateway()),
            replicas.stream().flatMap(each -> each.gateway().stream()));
    services.add(
        new Overview.Service(
            Catalogue.GATEWAY, (int) gateways.filter(Management::answers).count()));
    return services;
  }

  private static List<Overview.Running> processes(
      RunningSystem system, List<Server> servers, List<ReplicaFile> replicas) {
    Map<Long, Overview.Running> processes = new TreeMap<>();
    system.processes().stream()
        .filter(part -> part.name().equals("vesper") && part.alive())
        .forEach(part ->
            processes.put(
                part.pid(),
                process(part.pid(), List.of(Catalogue.GATEWAY), system.management(), servers)));
    replicas.forEach(each ->
        processes.put(
            each.process().pid(),
            process(
                each.process().pid(),
                each.gateway().isPresent() ? List.of(Catalogue.GATEWAY) : List.of(),
                each.management(),
                servers)));
    servers.forEach(each ->
        processes.computeIfAbsent(
            each.pid(), pid -> process(pid, List.of(), each.management(), servers)));
    return List.copyOf(processes.values());
  }

  private static Overview.Running process(
      long pid, List<String> edge, URI management, List<Server> servers) {
    List<Server> own = servers.stream().filter(each -> each.pid() == pid).toList();
    List<String> ids = new ArrayList<>();
    Catalogue.IDS.stream()
        .filter(id -> own.stream().anyMatch(each -> each.service().equals(id)))
        .forEach(ids::add);
    ids.addAll(edge);
    return new Overview.Running(
        pid,
        Management.ready(management),
        ids,
        own.stream().mapToLong(Server::calls).sum(),
        management);
  }

  private Instances() {}
}
