package vesper.testing.vllm;

import java.time.Duration;

/// What the server counts, in Prometheus' text format under the names of vLLM: those of today and
/// those before them.
final class Statistics {
  private static final double[] BOUNDS = {
    0.001, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10
  };

  private final long[] firstTokens = new long[BOUNDS.length + 1];
  private double firstTokenSum;
  private long promptTokens;
  private long cachedTokens;
  private long writtenTokens;
  private long stopped;
  private long cutShort;

  synchronized void prompt(int tokens, int cached) {
    promptTokens += tokens;
    cachedTokens += cached;
  }

  synchronized void firstToken(Duration after) {
    double seconds = after.toNanos() / 1e9;
    int bucket = 0;
    while (bucket < BOUNDS.length && seconds > BOUNDS[bucket]) {
      bucket++;
    }
    firstTokens[bucket]++;
    firstTokenSum += seconds;
  }

  synchronized void token() {
    writtenTokens++;
  }

  synchronized void answered(boolean whole) {
    if (whole) {
      stopped++;
    } else {
      cutShort++;
    }
  }

  /// Renders everything.
  ///
  /// @param model name of it
  /// @param running requests
  /// @param waiting requests
  /// @param cacheUsage share of the cache that running requests hold
  synchronized String render(String model, int running, int waiting, double cacheUsage) {
    Text text = new Text("model_name=\"" + model + "\"");
    text.value("gauge", "vllm:num_requests_running", running);
    text.value("gauge", "vllm:num_requests_waiting", waiting);
    text.value("gauge", "vllm:gpu_cache_usage_perc", cacheUsage);
    text.value("gauge", "vllm:kv_cache_usage_perc", cacheUsage);
    text.value("counter", "vllm:gpu_prefix_cache_queries_total", promptTokens);
    text.value("counter", "vllm:gpu_prefix_cache_hits_total", cachedTokens);
    text.value("counter", "vllm:prefix_cache_queries_total", promptTokens);
    text.value("counter", "vllm:prefix_cache_hits_total", cachedTokens);
    text.value("counter", "vllm:prompt_tokens_total", promptTokens);
    text.value("counter", "vllm:generation_tokens_total", writtenTokens);
    text.type("counter", "vllm:request_success_total");
    text.line("vllm:request_success_total", "finished_reason=\"stop\"", stopped);
    text.line("vllm:request_success_total", "finished_reason=\"length\"", cutShort);
    histogram(text);
    return text.lines.toString();
  }

  private void histogram(Text text) {
    String name = "vllm:time_to_first_token_seconds";
    text.type("histogram", name);
    long total = 0;
    for (int bucket = 0; bucket <= BOUNDS.length; bucket++) {
      total += firstTokens[bucket];
      String bound = bucket < BOUNDS.length ? String.valueOf(BOUNDS[bucket]) : "+Inf";
      text.line(name + "_bucket", "le=\"" + bound + "\"", total);
    }
    text.line(name + "_sum", "", firstTokenSum);
    text.line(name + "_count", "", total);
  }

  /// Lines of the format.
  private static final class Text {
    private final StringBuilder lines = new StringBuilder();
    private final String label;

    private Text(String label) {
      this.label = label;
    }

    private void type(String type, String name) {
      lines.append("# TYPE ").append(name).append(' ').append(type).append('\n');
    }

    private void value(String type, String name, Number value) {
      type(type, name);
      line(name, "", value);
    }

    private void line(String name, String more, Number value) {
      String labels = more.isEmpty() ? label : label + "," + more;
      lines.append("%s{%s} %s\n".formatted(name, labels, value));
    }
  }
}
