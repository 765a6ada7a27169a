package vesper.transport;

import io.nats.client.Connection;
import io.nats.client.Dispatcher;
import io.nats.client.Message;
import io.nats.client.support.JsonParseException;
import io.nats.client.support.JsonParser;
import io.nats.client.support.JsonValue;
import io.nats.client.support.JsonValueUtils;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The live instances of all services, found by asking `$SRV.PING` again and again.
///
/// An instance is gone when it has not answered three questions in a row.
public final class Discovery implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Discovery.class);
  private static final Duration MAX_INTERVAL = Duration.ofSeconds(2);
  private static final int MAX_INSTANCES = 10_000;
  private static final int MAX_ANSWER = 16 * 1024;
  private static final int ROUNDS = 3;

  private final Connection connection;
  private final Duration interval;
  private final String inbox;
  private final Dispatcher dispatcher;
  private final Map<String, Sighting> sightings = new ConcurrentHashMap<>();
  private final Thread asker;
  private volatile int round;
  private volatile boolean closed;
  private volatile Map<String, Set<String>> serving = Map.of();

  /// One running server.
  ///
  /// @param service its name
  /// @param id its own id
  /// @param version its semantic version
  /// @param domains what it serves; empty for a service that is not of this transport
  /// @param serving whether it is in its queue groups
  public record Instance(
      String service, String id, String version, Set<String> domains, boolean serving) {}

  private record Sighting(Instance instance, int round) {}

  private Discovery(Connection connection, Duration interval) {
    this.connection = connection;
    this.interval = interval;
    this.inbox = connection.createInbox();
    this.dispatcher = connection.createDispatcher(this::onAnswer);
    this.asker = Thread.ofVirtual().name("vesper-discovery").unstarted(this::askUntilClosed);
  }

  /// Starts to ask, first at once and then each interval.
  ///
  /// @param interval at most 2 s
  public static Discovery start(Connection connection, Duration interval) {
    if (Settings.positive("interval", interval).compareTo(MAX_INTERVAL) > 0) {
      throw new IllegalArgumentException(
          "interval must be at most %s, not %s".formatted(MAX_INTERVAL, interval));
    }
    Discovery discovery = new Discovery(connection, interval);
    discovery.dispatcher.subscribe(discovery.inbox);
    discovery.asker.start();
    return discovery;
  }

  private void askUntilClosed() {
    for (int now = 1; !closed; now++) {
      round = now;
      if (sightings.values().removeIf(sighting -> sighting.round < round - ROUNDS)) {
        publishServing();
      }
      if (connection.getStatus() == Connection.Status.CONNECTED) {
        ask();
      }
      LockSupport.parkNanos(this, interval.toNanos());
    }
  }

  private void ask() {
    try {
      Wire.publish(connection, ServiceProtocol.PREFIX + "PING", inbox, null, new byte[0]);
    } catch (IllegalStateException e) {
      LOG.atDebug().log("The connection went away before the instances were asked");
    }
  }

  private void onAnswer(Message message) {
    Instance seen = message.isStatusMessage() ? null : read(message.getData());
    if (seen == null) {
      return;
    }
    Sighting before = sightings.get(seen.id);
    if (before == null && sightings.size() >= MAX_INSTANCES) {
      return;
    }
    sightings.put(seen.id, new Sighting(seen, round));
    if (before == null || !before.instance.equals(seen)) {
      publishServing();
    }
  }

  private static @Nullable Instance read(byte[] json) {
    if (json.length > MAX_ANSWER) {
      return null;
    }
    try {
      JsonValue value = JsonParser.parse(json);
      String name = JsonValueUtils.readString(value, "name");
      String id = JsonValueUtils.readString(value, "id");
      String version = JsonValueUtils.readString(value, "version");
      Map<String, String> metadata = JsonValueUtils.readStringStringMap(value, "metadata");
      if (name == null || id == null || version == null) {
        return null;
      }
      String domains = metadata == null ? null : metadata.get(ServiceProtocol.DOMAINS);
      return new Instance(
          name,
          id,
          version,
          domains == null || domains.isEmpty() ? Set.of() : Set.copyOf(List.of(domains.split(","))),
          metadata != null && Boolean.parseBoolean(metadata.get(ServiceProtocol.SERVING)));
    } catch (JsonParseException e) {
      return null;
    }
  }

  private void publishServing() {
    Map<String, Set<String>> byDomain = new HashMap<>();
    for (Sighting sighting : sightings.values()) {
      if (sighting.instance.serving) {
        for (String domain : sighting.instance.domains) {
          byDomain.computeIfAbsent(domain, d -> new TreeSet<>()).add(sighting.instance.id);
        }
      }
    }
    serving = byDomain;
  }

  /// Returns the ids of the instances that take calls of a domain now.
  Set<String> serving(String domain) {
    return serving.getOrDefault(domain, Set.of());
  }

  /// Returns the instances that answered lately, sorted by service and id.
  public List<Instance> instances() {
    return sightings.values().stream()
        .map(Sighting::instance)
        .sorted(Comparator.comparing(Instance::service).thenComparing(Instance::id))
        .toList();
  }

  /// Returns the instances of one service that answered lately.
  public List<Instance> instances(String service) {
    return instances().stream().filter(instance -> instance.service.equals(service)).toList();
  }

  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    LockSupport.unpark(asker);
    if (connection.getStatus() != Connection.Status.CLOSED) {
      connection.closeDispatcher(dispatcher);
    }
  }
}
