package vesper.launcher;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// Prints a trace as a tree: what called what, when it began and how long it took.
final class TracePrinter {
  private static final Duration WITHIN = Duration.ofSeconds(5);
  private static final ObjectMapper JSON = new ObjectMapper();

  static void print(URI management, String traceId, PrintWriter out) {
    List<JsonNode> spans = fetch(management.resolve("/traces/" + traceId));
    if (spans.isEmpty()) {
      out.println("trace " + traceId + " is no longer kept");
      return;
    }
    out.println("trace " + traceId);
    out.printf("  %-64s %10s %10s%n", "span", "start ms", "took ms");
    for (JsonNode span : spans) {
      boolean root = spans.stream().noneMatch(other -> id(other).equals(parent(span)));
      if (root) {
        print(span, spans, 0, out);
      }
    }
    out.flush();
  }

  private static void print(JsonNode span, List<JsonNode> all, int depth, PrintWriter out) {
    String label =
        "  ".repeat(depth) + span.path("service").asText() + " · " + span.path("name").asText();
    String status = span.path("status").asText("OK");
    out.printf(
        "  %-64s %10.3f %10.3f%s%n",
        label,
        span.path("startOffsetMicros").asLong() / 1000.0,
        span.path("durationMicros").asLong() / 1000.0,
        status.equals("OK") || status.equals("UNSET") ? "" : "  " + status);
    all.stream()
        .filter(child -> parent(child).equals(id(span)))
        .sorted(Comparator.comparingLong(child -> child.path("startOffsetMicros").asLong()))
        .forEach(child -> print(child, all, depth + 1, out));
  }

  private static List<JsonNode> fetch(URI uri) {
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpResponse<String> response =
          client.send(
              HttpRequest.newBuilder(uri).timeout(WITHIN).build(),
              HttpResponse.BodyHandlers.ofString());
      List<JsonNode> spans = new ArrayList<>();
      if (response.statusCode() == 200) {
        JSON.readTree(response.body()).path("spans").forEach(spans::add);
      }
      return spans;
    } catch (IOException failure) {
      throw new CommandFailure(
          "the trace cannot be read from %s: %s".formatted(uri, failure.getMessage()));
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new CommandFailure("interrupted");
    }
  }

  private static String id(JsonNode span) {
    return span.path("spanId").asText();
  }

  private static String parent(JsonNode span) {
    return span.path("parent").asText();
  }

  private TracePrinter() {}
}
