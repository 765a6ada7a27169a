package vesper.bench.fault;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.stream.Stream;

/// Asks processes over HTTP how they are.
final class Probe {
  private static final Duration WITHIN = Duration.ofSeconds(1);
  private static final Duration METRICS_WITHIN = Duration.ofSeconds(10);
  private static final HttpClient CLIENT = HttpClient.newBuilder().connectTimeout(WITHIN).build();

  /// Whether a process is there and says that it is ready.
  static boolean ready(URI management) {
    try {
      return CLIENT
              .send(
                  HttpRequest.newBuilder(management.resolve("/health/ready"))
                      .timeout(WITHIN)
                      .build(),
                  HttpResponse.BodyHandlers.discarding())
              .statusCode()
          == 200;
    } catch (IOException notThere) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /// How many calls of a domain a process has answered.
  ///
  /// @throws IOException when it does not tell
  static long calls(URI management, String domain) throws IOException, InterruptedException {
    String counted = "vesper_rpc_server_duration_seconds_count{";
    String of = "domain=\"" + domain + "\"";
    HttpResponse<Stream<String>> metrics =
        CLIENT.send(
            HttpRequest.newBuilder(management.resolve("/metrics")).timeout(METRICS_WITHIN).build(),
            HttpResponse.BodyHandlers.ofLines());
    if (metrics.statusCode() != 200) {
      throw new IOException(management + " answers " + metrics.statusCode());
    }
    return metrics
        .body()
        .filter(line -> line.startsWith(counted) && line.contains(of))
        .mapToLong(line -> (long) Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }

  private Probe() {}
}
