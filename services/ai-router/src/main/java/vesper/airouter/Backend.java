package vesper.airouter;

import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import vesper.routing.Endpoint;
import vesper.routing.Endpoint.Standing;
import vesper.routing.HealthRules;
import vesper.routing.Tier;

/// A model that can be called, and how.
///
/// @param place where it is
/// @param model name; empty as long as it is not known
/// @param keyEnv environment variable that holds the key; empty for none
/// @param tiers it serves
/// @param contextTokens 0 as long as they are not known
/// @param slots calls it runs at once
/// @param standing beside others, but for being a demo
record Backend(
    String id,
    Place place,
    String model,
    String keyEnv,
    Set<Tier> tiers,
    int contextTokens,
    int slots,
    Standing standing) {
  private static final int LEAST_FOR_INSTRUCTIONS = 2_048;

  /// Where a model is.
  sealed interface Place {
    /// A server that speaks OpenAI's protocol.
    ///
    /// @param paid whether each call may cost money
    record Server(URI url, boolean ollama, boolean paid) implements Place {}

    /// A file that is run in the process.
    record File(Path path) implements Place {}
  }

  /// Returns what the settings name. Ollama is not among them: it has to be found.
  static List<Backend> named(AiRouterConfig config) {
    List<Backend> named = new ArrayList<>();
    Set<Tier> left = EnumSet.allOf(Tier.class);
    Map.of(Tier.GOLD, config.gold(), Tier.SILVER, config.silver(), Tier.BRONZE, config.bronze())
        .forEach((tier, server) -> {
          if (server.url().isPresent()) {
            left.remove(tier);
            named.add(server(tier.word(), server, server.url().get(), EnumSet.of(tier)));
          }
        });
    if (config.llm().url().isPresent() && !left.isEmpty()) {
      named.add(server("llm", config.llm(), config.llm().url().get(), left));
    }
    config
        .gguf()
        .file()
        .map(file ->
            new Backend(
                "gguf",
                new Place.File(file),
                file.toString(),
                "",
                EnumSet.allOf(Tier.class),
                config.gguf().context(),
                config.gguf().slots(),
                Standing.NAMED))
        .ifPresent(named::add);
    return List.copyOf(named);
  }

  /// Returns Ollama with a model that it has.
  static Backend ollama(AiRouterConfig.Ollama config, String model) {
    return new Backend(
        "ollama",
        new Place.Server(withVersion(config.url()), true, Reach.of(config.url()) != Reach.PRIVATE),
        model,
        "",
        EnumSet.allOf(Tier.class),
        config.context(),
        config.slots(),
        Standing.FOUND);
  }

  private static Backend server(String id, AiRouterConfig.Server server, URI url, Set<Tier> tiers) {
    return new Backend(
        id,
        new Place.Server(withVersion(url), false, Reach.of(url) != Reach.PRIVATE),
        server.model().orElse(""),
        server.keyEnv().orElse(""),
        tiers,
        server.context(),
        server.slots(),
        Standing.NAMED);
  }

  /// OpenAI's routes are below `/v1`, which an address without a path means.
  private static URI withVersion(URI url) {
    String path = url.getPath() == null ? "" : url.getPath().replaceAll("/+$", "");
    return url.resolve(path.isEmpty() ? "/v1" : path);
  }

  /// Copies the set.
  Backend {
    tiers = Set.copyOf(tiers);
  }

  /// The same, where what was not given is filled in.
  Backend knowing(String name, int tokens) {
    return new Backend(
        id,
        place,
        model.isEmpty() ? name : model,
        keyEnv,
        tiers,
        contextTokens == 0 ? tokens : contextTokens,
        slots,
        standing);
  }

  /// Whether it is too small for instructions.
  boolean isDemo() {
    return contextTokens > 0 && contextTokens < LEAST_FOR_INSTRUCTIONS;
  }

  /// What routing needs to know of it.
  Endpoint endpoint() {
    return new Endpoint(id, tiers, contextTokens, slots, isDemo() ? Standing.DEMO : standing);
  }

  /// The rules of its health: the target is that of its tiers.
  HealthRules healthRules(HealthRules rules, AiRouterConfig.Target target) {
    if (tiers.contains(Tier.SILVER)) {
      return rules.withTarget(target.silver());
    }
    return tiers.contains(Tier.GOLD) ? rules.withTarget(target.gold()) : rules;
  }
}
