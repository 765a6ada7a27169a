package vesper.ai;

import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import vesper.airouter.v1.EndpointSpec;

/// The endpoints that were ever named by a route, each with its backend and its slots.
final class Endpoints {
  private static final Logger LOG = LoggerFactory.getLogger(Endpoints.class);
  private static final int MOST = 256;
  private static final Duration HEAD = Duration.ofMinutes(2);
  private static final int USUAL_CONTEXT = 4_096;

  private final AiConfig.Backends config;
  private final Function<String, @Nullable String> environment;
  private final HttpClient http;
  private final ConcurrentHashMap<String, Place> places = new ConcurrentHashMap<>();

  /// @param environment where keys are read from, by the name of their variable
  Endpoints(AiConfig.Backends config, Function<String, @Nullable String> environment) {
    this.config = config;
    this.environment = environment;
    http =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(config.connect())
            .executor(Executors.newVirtualThreadPerTaskExecutor())
            .build();
  }

  /// An endpoint.
  ///
  /// @param backend that runs its model; none when it cannot be used
  /// @param failure why it cannot be used
  /// @param slots calls that it may still take now
  record Place(EndpointSpec spec, @Nullable Backend backend, Failure failure, Semaphore slots) {}

  /// Returns an endpoint as it is described now.
  Place place(EndpointSpec spec) {
    if (places.size() >= MOST && !places.containsKey(spec.getEndpointId())) {
      places.clear();
    }
    Place place =
        places.compute(
            spec.getEndpointId(),
            (_, known) -> known != null && known.spec().equals(spec) ? known : open(spec));
    if (place.backend() == null) {
      // The variable may be there when the process starts again; the next call looks anew.
      places.remove(spec.getEndpointId(), place);
    }
    return place;
  }

  private Place open(EndpointSpec spec) {
    int slots = spec.getSlots() > 0 ? spec.getSlots() : config.slots();
    Optional<String> key = key(spec);
    if (key.isEmpty() && !spec.getKeyEnv().isEmpty()) {
      LOG.atWarn()
          .addKeyValue("endpoint", spec.getEndpointId())
          .addKeyValue("variable", spec.getKeyEnv())
          .log("The environment variable that holds the key of an endpoint is not set");
      return new Place(spec, null, Failure.NO_KEY, new Semaphore(slots));
    }
    return new Place(spec, backend(spec, key, slots), Failure.CANCELLED, new Semaphore(slots));
  }

  private @Nullable Backend backend(EndpointSpec spec, Optional<String> key, int slots) {
    return switch (spec.getKind()) {
      case ENDPOINT_KIND_UNSPECIFIED, ENDPOINT_KIND_OPENAI, UNRECOGNIZED ->
          openAi(spec.getBaseUrl(), spec.getModel(), key);
      case ENDPOINT_KIND_OLLAMA -> openAi(ollama(spec.getBaseUrl()), spec.getModel(), key);
      case ENDPOINT_KIND_GGUF ->
          new GgufBackend(
              Path.of(spec.getModel()),
              spec.getContextTokens() > 0 ? spec.getContextTokens() : USUAL_CONTEXT,
              slots);
    };
  }

  private Backend openAi(String address, String model, Optional<String> key) {
    return new OpenAiBackend(
        address, model, key, new BlockingHttp.Builder(http, config.connect(), HEAD));
  }

  /// Ollama speaks OpenAI's protocol below `/v1`.
  private static String ollama(String address) {
    String plain = address.replaceAll("/+$", "");
    return plain.endsWith("/v1") ? plain : plain + "/v1";
  }

  private Optional<String> key(EndpointSpec spec) {
    return spec.getKeyEnv().isEmpty()
        ? Optional.empty()
        : Optional.ofNullable(environment.apply(spec.getKeyEnv())).filter(text -> !text.isBlank());
  }
}
