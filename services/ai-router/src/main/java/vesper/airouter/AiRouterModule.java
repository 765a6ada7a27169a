package vesper.airouter;

import java.util.List;
import vesper.routing.RoutePlanner;
import vesper.runtime.ServiceContext;
import vesper.runtime.ServiceModule;
import vesper.runtime.Wiring;

/// The router of calls to models: it knows the endpoints that the settings name and the Ollama of
/// this machine, watches their health, and chooses tier and endpoint of each call. It keeps nothing
/// in the database, and it is ready without any endpoint.
public final class AiRouterModule implements ServiceModule {
  @Override
  public String id() {
    return "ai-router";
  }

  @Override
  public String domain() {
    return "airouter";
  }

  @Override
  public List<Class<? extends Record>> settings() {
    return List.of(AiRouterConfig.class);
  }

  @Override
  public Wiring wire(ServiceContext context) {
    AiRouterConfig config = context.config(AiRouterConfig.class);
    Fleet fleet = new Fleet(config, context.clock());
    RoutePlanner planner =
        new RoutePlanner(config.band().rules(), config.affinity().rules(), context.clock());
    ModelServer servers = new ModelServer(config.probe().limit());
    RouterMeters meters = new RouterMeters(context.meters(), fleet, planner);
    return new Wiring(
        List.of(new AiRouterService(fleet, planner, meters)),
        List.of(new Prober(fleet, servers, config), new OllamaFinder(fleet, servers, config)));
  }
}
