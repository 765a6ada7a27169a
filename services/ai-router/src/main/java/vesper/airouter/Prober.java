package vesper.airouter;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.ThreadLocalRandom;
import vesper.airouter.Backend.Place;
import vesper.runtime.Stopping;
import vesper.runtime.Worker;

/// Asks every endpoint in turn whether it is there, each on a thread of its own, and learns from
/// the answers what was not given: the name of the model and its context.
final class Prober implements Worker {
  private static final double JITTER = 0.1;

  private final Fleet fleet;
  private final ModelServer servers;
  private final AiRouterConfig config;

  Prober(Fleet fleet, ModelServer servers, AiRouterConfig config) {
    this.fleet = fleet;
    this.servers = servers;
    this.config = config;
  }

  @Override
  public String name() {
    return "prober";
  }

  @Override
  public void run(Stopping stop) throws InterruptedException {
    do {
      probeAll();
    } while (!stop.await(jittered(config.probe().every())));
  }

  /// Probes each endpoint once, all at the same time.
  void probeAll() throws InterruptedException {
    Map<String, Thread> probes = new HashMap<>();
    for (Fleet.Unit unit : fleet.units()) {
      String id = unit.backend().id();
      probes.put(id, Thread.ofVirtual().name("probe-" + id).start(() -> probe(unit)));
    }
    // An answer that has begun may still never end.
    long limit = System.nanoTime() + config.probe().limit().multipliedBy(2).toNanos();
    for (Map.Entry<String, Thread> probe : probes.entrySet()) {
      Duration left = Duration.ofNanos(Math.max(1, limit - System.nanoTime()));
      if (!probe.getValue().join(left)) {
        probe.getValue().interrupt();
        fleet.probeFailed(probe.getKey(), "its answer does not end");
      }
    }
  }

  private void probe(Fleet.Unit unit) {
    try {
      switch (unit.backend().place()) {
        case Place.File file -> probe(unit.backend(), file);
        case Place.Server server -> probe(unit, server);
      }
    } catch (InterruptedException late) {
      Thread.currentThread().interrupt();
    }
  }

  private void probe(Backend backend, Place.File file) {
    if (!Files.isReadable(file.path())) {
      fleet.probeFailed(backend.id(), "the file " + file.path() + " cannot be read");
      return;
    }
    try {
      if (backend.contextTokens() == 0) {
        OptionalInt tokens = GgufHeader.contextTokens(file.path());
        tokens.ifPresent(known -> fleet.learn(backend.id(), backend.model(), known));
      }
      fleet.probeAnswered(backend.id());
    } catch (GgufHeader.NotGguf foreign) {
      fleet.probeFailed(backend.id(), String.valueOf(foreign.getMessage()));
    } catch (IOException unreadable) {
      fleet.probeFailed(backend.id(), "the file " + file.path() + " cannot be read");
    }
  }

  private void probe(Fleet.Unit unit, Place.Server server) throws InterruptedException {
    Backend backend = unit.backend();
    // A name may have got an address since the start, or another one.
    if (!config.allowPaid() && Reach.of(server.url()) != Reach.PRIVATE) {
      fleet.probeFailed(backend.id(), "its host has no address in this machine's private network");
      return;
    }
    switch (servers.models(server.url())) {
      case ModelServer.Answer.Models listed -> {
        if (learn(unit, listed.models())) {
          fleet.probeAnswered(backend.id());
        } else {
          fleet.probeFailed(backend.id(), "it has no model");
        }
      }
      case ModelServer.Answer.Silent silent -> {
        if (backend.model().isEmpty()) {
          fleet.probeFailed(backend.id(), silent.why() + ", so name one with --llm-model");
        } else {
          fleet.probeAnswered(backend.id());
        }
      }
      case ModelServer.Answer.Failed failed -> fleet.probeFailed(backend.id(), failed.why());
    }
  }

  /// Takes the model that it has had so far, or the first when that is gone and none was given.
  /// Returns false when there is no model to name.
  private boolean learn(Fleet.Unit unit, List<ModelServer.Listed> models) {
    String id = unit.given().id();
    for (ModelServer.Listed model : models) {
      if (model.name().equals(unit.backend().model())) {
        fleet.learn(id, model.name(), model.contextTokens());
        return true;
      }
    }
    // A given name stands: a server may answer to names that it does not list.
    if (unit.given().model().isEmpty() && !models.isEmpty()) {
      fleet.learn(id, models.getFirst().name(), models.getFirst().contextTokens());
    }
    return !unit.given().model().isEmpty() || !models.isEmpty();
  }

  private static Duration jittered(Duration time) {
    double factor = 1 + JITTER * (2 * ThreadLocalRandom.current().nextDouble() - 1);
    return Duration.ofNanos((long) (time.toNanos() * factor));
  }
}
