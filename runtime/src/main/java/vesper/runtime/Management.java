package vesper.runtime;

import com.google.gson.stream.JsonWriter;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The private port of a process: health, metrics, traces and what runs here. Bound to the loopback
/// address.
final class Management implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Management.class);
  private static final int BACKLOG = 64;
  private static final int MOST_TRACES = 1_000;
  private static final int TRACES = 20;
  private static final Pattern TRACE_ID = Pattern.compile("[0-9a-f]{32}");
  private static final Pattern LIMIT = Pattern.compile("limit=(\\d{1,4})");
  private static final String JSON = "application/json";

  private final HttpServer server;
  private final Health health;
  private final PrometheusMeterRegistry meters;
  private final TraceRing traces;
  private final ProcessInfo info;

  private Management(
      HttpServer server,
      Health health,
      PrometheusMeterRegistry meters,
      TraceRing traces,
      ProcessInfo info) {
    this.server = server;
    this.health = health;
    this.meters = meters;
    this.traces = traces;
    this.info = info;
  }

  /// Opens the port, or a free one when it is 0 or taken.
  static Management start(
      int port, Health health, PrometheusMeterRegistry meters, TraceRing traces, ProcessInfo info) {
    try {
      HttpServer server = open(port);
      Management management = new Management(server, health, meters, traces, info);
      server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
      server.createContext("/", management::handle);
      server.start();
      return management;
    } catch (IOException e) {
      throw new UncheckedIOException("the management port " + port + " cannot be opened", e);
    }
  }

  private static HttpServer open(int port) throws IOException {
    InetAddress loopback = InetAddress.getLoopbackAddress();
    try {
      return HttpServer.create(new InetSocketAddress(loopback, port), BACKLOG);
    } catch (BindException taken) {
      return HttpServer.create(new InetSocketAddress(loopback, 0), BACKLOG);
    }
  }

  URI uri() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  @Override
  public void close() {
    server.stop(0);
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      Answer answer = answer(exchange);
      byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("Content-Type", answer.type());
      exchange.getResponseHeaders().set("Cache-Control", "no-store");
      boolean head = exchange.getRequestMethod().equals("HEAD");
      exchange.sendResponseHeaders(answer.status(), head || body.length == 0 ? -1 : body.length);
      if (!head) {
        exchange.getResponseBody().write(body);
      }
    } catch (RuntimeException e) {
      LOG.atError()
          .setCause(e)
          .addKeyValue("path", exchange.getRequestURI().getPath())
          .log("The management port could not answer");
      throw e;
    }
  }

  private Answer answer(HttpExchange exchange) {
    String method = exchange.getRequestMethod();
    if (!method.equals("GET") && !method.equals("HEAD")) {
      return Answer.error(405, "only GET");
    }
    String path = exchange.getRequestURI().getPath();
    return switch (path) {
      case "/health/started" -> probe("started", health.isStarted());
      case "/health/live" -> probe("live", health.live());
      case "/health/ready" -> probe("ready", health.ready());
      case "/metrics" ->
          new Answer(200, "text/plain; version=0.0.4; charset=utf-8", meters.scrape());
      case "/info" -> json(info::write);
      case "/traces" -> traces(exchange.getRequestURI().getQuery());
      default -> path.startsWith("/traces/") ? trace(path.substring(8)) : Answer.error(404, path);
    };
  }

  private Answer probe(String name, boolean good) {
    String body =
        text(json -> {
          json.beginObject();
          json.name("status").value(good ? name : health.draining() ? "draining" : "not " + name);
          json.name("checks").beginArray();
          for (HealthCheck check : health.checks()) {
            HealthCheck.Result result = check.result();
            json.beginObject();
            json.name("name").value(check.name());
            json.name("state").value(result.ok() ? "OK" : "FAILING");
            json.name("since").value(result.since().toString());
            json.name("lastError").value(result.lastError());
            json.endObject();
          }
          json.endArray().endObject();
        });
    return new Answer(good ? 200 : 503, JSON, body);
  }

  private Answer traces(String query) {
    Matcher limit = LIMIT.matcher(query == null ? "" : query);
    int wanted = limit.find() ? Math.min(Integer.parseInt(limit.group(1)), MOST_TRACES) : TRACES;
    return json(json -> {
      json.beginObject().name("traces").beginArray();
      for (TraceRing.Snapshot trace : traces.last(wanted)) {
        TraceJson.write(json, trace);
      }
      json.endArray().endObject();
    });
  }

  private Answer trace(String traceId) {
    if (!TRACE_ID.matcher(traceId).matches()) {
      return Answer.error(400, "a trace id has 32 hexadecimal digits in lower case");
    }
    return traces
        .find(traceId)
        .map(trace -> json(json -> TraceJson.write(json, trace)))
        .orElseGet(() -> Answer.error(404, "no such trace among the last " + TraceRing.TRACES));
  }

  private static Answer json(Body body) {
    return new Answer(200, JSON, text(body));
  }

  private static String text(Body body) {
    StringWriter text = new StringWriter();
    try (JsonWriter json = new JsonWriter(text)) {
      body.write(json);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString();
  }

  /// Writes a JSON document.
  @FunctionalInterface
  private interface Body {
    void write(JsonWriter json) throws IOException;
  }

  private record Answer(int status, String type, String body) {
    static Answer error(int status, String detail) {
      return new Answer(
          status, JSON, text(json -> json.beginObject().name("detail").value(detail).endObject()));
    }
  }
}
