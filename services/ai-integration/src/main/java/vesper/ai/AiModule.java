package vesper.ai;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import vesper.runtime.ServiceContext;
import vesper.runtime.ServiceModule;
import vesper.runtime.Wiring;

/// The door to the models: answers by models and without them, guards what is shown, makes vectors,
/// and keeps a record of every answer.
public final class AiModule implements ServiceModule {
  static final String ID = "ai-integration";
  private static final int SECRET_BYTES = 32;

  private final Function<String, @Nullable String> environment;

  /// Makes the service; keys of endpoints are read from the environment.
  public AiModule() {
    this(System::getenv);
  }

  AiModule(Function<String, @Nullable String> environment) {
    this.environment = environment;
  }

  @Override
  public String id() {
    return ID;
  }

  @Override
  public String domain() {
    return "ai";
  }

  @Override
  public List<Class<? extends Record>> settings() {
    return List.of(AiConfig.class);
  }

  @Override
  public Wiring wire(ServiceContext context) {
    AiConfig config = context.config(AiConfig.class);
    OutcomeReporter outcomes = new OutcomeReporter(context.channel(), context.meters());
    Means means =
        new Means(
            config,
            new PromptMaker(config.rating(), secret(config)),
            new RoutePlanner(context.channel(), config.route()),
            new Endpoints(config.backends(), environment),
            outcomes,
            context.tracing());
    DecisionLog decisions =
        new DecisionLog(
            context.database(), config.decisions(), context.ids().next(), context.meters());
    Embedder embedder = new Embedder(config.embed(), BgeSmall::load);
    AiService service =
        new AiService(
            new Answering(means, decisions, context.clock(), context.meters()),
            embedder,
            decisions,
            context.database(),
            context.ids(),
            config);
    return new Wiring(
        List.of(service),
        List.of(
            decisions,
            outcomes,
            embedder,
            new DecisionUpkeep(context.database(), config.decisions(), context.clock())));
  }

  private static byte[] secret(AiConfig config) {
    return config
        .markSecret()
        .map(secret -> secret.value().getBytes(StandardCharsets.UTF_8))
        .orElseGet(() -> {
          byte[] random = new byte[SECRET_BYTES];
          new SecureRandom().nextBytes(random);
          return random;
        });
  }
}
