package vesper.bench.fault;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import vesper.infrastructure.NatsServer;
import vesper.infrastructure.NatsSettings;
import vesper.infrastructure.Ports;
import vesper.infrastructure.PostgresServer;
import vesper.infrastructure.PostgresSettings;

/// A nats-server, a PostgreSQL and several processes of services: two that run everything but the
/// people, with a gateway each, and three that run the people.
final class Cluster implements AutoCloseable {
  /// How many processes run npc-behavior.
  static final int PEOPLE = 3;

  private static final Duration START_WITHIN = Duration.ofMinutes(2);
  private static final List<String> CORE =
      List.of(
          "auth",
          "time-manager",
          "world-state",
          "knowledge-base",
          "ai-integration",
          "ai-router",
          "gateway");

  private final NatsSettings natsSettings;
  private final PostgresSettings postgresSettings;
  private final Path data;
  private final Consumer<String> progress;
  private final List<Replica> replicas = new ArrayList<>();
  private @Nullable NatsServer nats;
  private @Nullable PostgresServer postgres;

  Cluster(Path data, Consumer<String> progress) {
    this.data = data;
    this.progress = progress;
    this.natsSettings = NatsSettings.in(data).withPort(Ports.free());
    this.postgresSettings = PostgresSettings.in(data).withPort(Ports.free());
  }

  /// Starts everything and returns when all of it is ready.
  void start() throws InterruptedException {
    progress.accept("starting nats-server and PostgreSQL");
    startNats();
    startPostgres();
    for (String node : List.of("node-a", "node-b")) {
      replicas.add(replica(node, CORE));
    }
    for (int i = 1; i <= PEOPLE; i++) {
      replicas.add(replica("npc-" + i, List.of("npc-behavior")));
    }
    progress.accept("starting %d processes of services".formatted(replicas.size()));
    replicas.forEach(Replica::start);
    awaitReady();
  }

  private Replica replica(String name, List<String> services) {
    int gateway = Ports.free();
    int management = Ports.free();
    URI natsUrl = nats().url();
    PostgresServer database = postgres();
    return new Replica(
        new Replica.Plan(
            name,
            services,
            gateway,
            management,
            List.of(
                "--data",
                data.toString(),
                "--nats",
                natsUrl.toString(),
                "--db",
                "postgresql://%s:%s@127.0.0.1:%d/%s"
                    .formatted(
                        database.user(), database.password(), database.port(), PostgresServer.NAME),
                "--port",
                Integer.toString(gateway),
                "--management-port",
                Integer.toString(management)),
            data.resolve(name + ".log")));
  }

  Path keys() {
    return data.resolve("keys");
  }

  List<Replica> replicas() {
    return List.copyOf(replicas);
  }

  /// The processes that run npc-behavior.
  List<Replica> people() {
    return replicas.stream().filter(each -> each.runs("npc-behavior")).toList();
  }

  /// The processes with a gateway.
  List<Replica> nodes() {
    return replicas.stream().filter(each -> each.runs("gateway")).toList();
  }

  NatsServer nats() {
    return present(nats);
  }

  PostgresServer postgres() {
    return present(postgres);
  }

  void startNats() {
    nats = NatsServer.start(natsSettings, _ -> {});
  }

  void startPostgres() {
    postgres = PostgresServer.start(postgresSettings, _ -> {});
  }

  /// Waits until every process is ready, and returns how long that took.
  Duration awaitReady() throws InterruptedException {
    long begin = System.nanoTime();
    List<Replica> waiting = new ArrayList<>(replicas);
    while (!waiting.isEmpty()) {
      waiting.removeIf(replica -> Probe.ready(replica.management()));
      Duration took = Duration.ofNanos(System.nanoTime() - begin);
      for (Replica replica : waiting) {
        if (!replica.alive()) {
          throw new IllegalStateException(
              "%s ended by itself; its log is %s".formatted(replica.name(), log(replica)));
        }
      }
      if (!waiting.isEmpty() && took.compareTo(START_WITHIN) > 0) {
        throw new IllegalStateException(
            "%s is not ready; its log is %s"
                .formatted(waiting.getFirst().name(), log(waiting.getFirst())));
      }
      Thread.sleep(50);
    }
    return Duration.ofNanos(System.nanoTime() - begin);
  }

  private Path log(Replica replica) {
    return data.resolve(replica.name() + ".log");
  }

  @Override
  public synchronized void close() {
    replicas.forEach(Replica::kill);
    if (postgres != null) {
      postgres.close();
    }
    if (nats != null) {
      nats.close();
    }
  }

  private static <T> T present(@Nullable T server) {
    if (server == null) {
      throw new IllegalStateException("not started");
    }
    return server;
  }
}
