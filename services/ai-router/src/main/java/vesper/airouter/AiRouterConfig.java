package vesper.airouter;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;
import vesper.routing.Affinity;
import vesper.routing.HealthRules;
import vesper.routing.TierRules;
import vesper.runtime.Setting;

/// Settings of the router.
///
/// @param llm server for all tiers that have none of their own
/// @param gold server of this tier
/// @param silver server of this tier
/// @param bronze server of this tier
/// @param gguf model that runs in the process
/// @param ollama where Ollama is looked for
/// @param allowPaid whether a server may be outside of this machine and its private network
/// @param band where the tiers part
/// @param affinity how long a call may wait for the endpoint that knows the beginning of its prompt
/// @param probe how endpoints are watched
/// @param breaker when an endpoint is not called
/// @param target times to the first token that are aimed at
record AiRouterConfig(
    Server llm,
    Server gold,
    Server silver,
    Server bronze,
    Gguf gguf,
    Ollama ollama,
    @Setting("false") boolean allowPaid,
    Band band,
    Near affinity,
    Probe probe,
    Breaker breaker,
    Target target) {

  /// Refuses servers that cost money unless that is allowed.
  AiRouterConfig {
    affordable("llm.url", llm.url(), allowPaid);
    affordable("gold.url", gold.url(), allowPaid);
    affordable("silver.url", silver.url(), allowPaid);
    affordable("bronze.url", bronze.url(), allowPaid);
    affordable("ollama.url", Optional.of(ollama.url()), allowPaid);
  }

  /// A server that speaks OpenAI's protocol.
  ///
  /// @param url address, as in `http://127.0.0.1:8080/v1`
  /// @param model name; the first that the server lists when absent
  /// @param keyEnv environment variable that holds its key
  /// @param context tokens that prompt and answer may have together; 0 for what the server says
  /// @param slots calls it runs at once
  record Server(
      Optional<URI> url,
      Optional<String> model,
      Optional<String> keyEnv,
      @Setting("0") int context,
      @Setting("64") int slots) {
    private static final Pattern VARIABLE = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,127}");

    /// Checks the forms.
    Server {
      url.ifPresent(given -> http("url", given));
      require(url.isPresent() || model.isEmpty(), "model", "needs a url beside it");
      require(url.isPresent() || keyEnv.isEmpty(), "key-env", "needs a url beside it");
      require(
          keyEnv.filter(name -> !VARIABLE.matcher(name).matches()).isEmpty(),
          "key-env",
          "the name of an environment variable");
      require(context >= 0 && context <= 10_000_000, "context", "0 to 10000000");
      require(slots >= 1 && slots <= 10_000, "slots", "1 to 10000");
    }
  }

  /// A GGUF model in the process.
  ///
  /// @param context tokens; 0 for what the file says
  record Gguf(Optional<Path> file, @Setting("0") int context, @Setting("4") int slots) {
    /// Checks the ranges.
    Gguf {
      require(context >= 0 && context <= 10_000_000, "context", "0 to 10000000");
      require(slots >= 1 && slots <= 100, "slots", "1 to 100");
    }
  }

  /// Ollama, if it runs.
  ///
  /// @param model name; the first that it lists when absent
  record Ollama(
      @Setting("true") boolean enabled,
      @Setting("http://127.0.0.1:11434") URI url,
      Optional<String> model,
      @Setting("0") int context,
      @Setting("4") int slots,
      @Setting("10s") Duration look) {
    /// Checks the forms.
    Ollama {
      http("url", url);
      require(context >= 0 && context <= 10_000_000, "context", "0 to 10000000");
      require(slots >= 1 && slots <= 100, "slots", "1 to 100");
      require(look.isPositive(), "look", "more than 0");
    }
  }

  /// Where the tiers part, by importance.
  record Band(
      @Setting("0.45") double low,
      @Setting("0.55") double high,
      @Setting("0.70") double upshift,
      @Setting("30s") Duration pinMin,
      @Setting("10m") Duration pinIdle) {
    /// Checks the order.
    Band {
      rules(low, high, upshift, pinMin, pinIdle);
    }

    TierRules rules() {
      return rules(low, high, upshift, pinMin, pinIdle);
    }

    private static TierRules rules(
        double low, double high, double upshift, Duration pinMin, Duration pinIdle) {
      TierRules standard = TierRules.STANDARD;
      return new TierRules(
          low, high, upshift, standard.degraded(), pinMin, pinIdle, standard.most());
    }
  }

  /// How long a call may wait for its endpoint.
  ///
  /// @param c times the mean wait of all
  /// @param slack and so much more
  record Near(@Setting("1.25") double c, @Setting("500ms") Duration slack) {
    /// Checks the ranges.
    Near {
      rules(c, slack);
    }

    Affinity rules() {
      return rules(c, slack);
    }

    private static Affinity rules(double c, Duration slack) {
      return new Affinity(c, slack);
    }
  }

  /// How endpoints are watched.
  ///
  /// @param every time between two probes
  /// @param limit time for an answer
  record Probe(@Setting("2s") Duration every, @Setting("1s") Duration limit) {
    /// Checks the ranges.
    Probe {
      require(every.isPositive(), "every", "more than 0");
      require(limit.isPositive(), "limit", "more than 0");
    }
  }

  /// When an endpoint is not called.
  record Breaker(
      @Setting("20") int window,
      @Setting("5") int least,
      @Setting("0.5") double failed,
      @Setting("0.8") double slow,
      @Setting("10s") Duration pause,
      @Setting("60s") Duration longestPause) {
    /// Checks the ranges.
    Breaker {
      new HealthRules(Optional.empty(), window, least, failed, slow, pause, longestPause);
    }

    HealthRules rules() {
      return new HealthRules(Optional.empty(), window, least, failed, slow, pause, longestPause);
    }
  }

  /// Times to the first token that are aimed at, 95 of 100 calls.
  ///
  /// @param gold of endpoints that serve gold and not silver
  /// @param silver of endpoints that serve silver
  record Target(@Setting("60ms") Duration gold, @Setting("750ms") Duration silver) {
    /// Checks the ranges.
    Target {
      require(gold.isPositive(), "gold", "more than 0");
      require(silver.isPositive(), "silver", "more than 0");
    }
  }

  private static void affordable(String key, Optional<URI> url, boolean allowPaid) {
    if (!allowPaid && url.isPresent() && Reach.of(url.get()) == Reach.PUBLIC) {
      throw new IllegalArgumentException(
          "%s: %s is neither this machine nor in its private network, so each call may cost money; start with --allow-paid if that is meant"
              .formatted(key, url.get()));
    }
  }

  private static void http(String key, URI url) {
    boolean isHttp = "http".equals(url.getScheme()) || "https".equals(url.getScheme());
    require(
        isHttp
            && url.getHost() != null
            && url.getUserInfo() == null
            && url.getQuery() == null
            && url.getFragment() == null,
        key,
        "http://HOST:PORT/PATH or https://…, without user, query and fragment");
  }

  private static void require(boolean accepted, String key, String form) {
    if (!accepted) {
      throw new IllegalArgumentException(key + ": " + form);
    }
  }
}
