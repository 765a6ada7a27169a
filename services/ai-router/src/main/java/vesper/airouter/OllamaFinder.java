package vesper.airouter;

import java.util.Optional;
import vesper.runtime.Stopping;
import vesper.runtime.Worker;

/// Looks for Ollama, and adds it with its first model, or with the one that the settings name. A
/// model stays as long as Ollama has it.
final class OllamaFinder implements Worker {
  private final Fleet fleet;
  private final ModelServer servers;
  private final AiRouterConfig config;

  OllamaFinder(Fleet fleet, ModelServer servers, AiRouterConfig config) {
    this.fleet = fleet;
    this.servers = servers;
    this.config = config;
  }

  @Override
  public String name() {
    return "ollama-finder";
  }

  @Override
  public void run(Stopping stop) throws InterruptedException {
    if (config.ollama().enabled()) {
      do {
        look();
      } while (!stop.await(config.ollama().look()));
    }
  }

  void look() throws InterruptedException {
    if (!config.allowPaid() && Reach.of(config.ollama().url()) != Reach.PRIVATE) {
      return;
    }
    if (servers.tags(config.ollama().url()) instanceof ModelServer.Answer.Models listed) {
      String current = fleet.find("ollama").map(unit -> unit.backend().model()).orElse("");
      Optional<String> wanted = config.ollama().model();
      boolean stays = listed.models().stream().anyMatch(model -> model.name().equals(current));
      if (!stays) {
        listed.models().stream()
            .map(ModelServer.Listed::name)
            .filter(name -> wanted.isEmpty() || wanted.get().equals(name))
            .findFirst()
            .ifPresent(name -> fleet.put(Backend.ollama(config.ollama(), name)));
      }
    }
  }
}
