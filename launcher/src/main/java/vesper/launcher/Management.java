package vesper.launcher;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/// Short questions to a process's HTTP ports.
final class Management {
  private static final Duration WITHIN = Duration.ofSeconds(2);

  /// Returns whether the process says that it is ready.
  static boolean ready(URI management) {
    return status(management.resolve("/health/ready")) == 200;
  }

  /// Returns whether anything answers over HTTP.
  static boolean answers(URI address) {
    return status(address.resolve("/.well-known/jwks.json")) == 200;
  }

  private static int status(URI uri) {
    try (HttpClient client = HttpClient.newBuilder().connectTimeout(WITHIN).build()) {
      return client
          .send(
              HttpRequest.newBuilder(uri).timeout(WITHIN).build(),
              HttpResponse.BodyHandlers.discarding())
          .statusCode();
    } catch (IOException nothingThere) {
      return 0;
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return 0;
    }
  }

  private Management() {}
}
