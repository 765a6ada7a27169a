package vesper.bench.fuzz;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;

/// A client that does nothing wrong: it logs in, reads, and talks, and waits when it is told to;
/// each answer must be good.
final class Client {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final long PAUSE = Duration.ofMillis(20).toNanos();
  private static final int WAITS = 20;
  private static final long LONGEST_WAIT = 5;
  private static final int TURNS_OF_A_PLAYER = 10;
  private static final int READS_OF_A_TURN = 20;
  private static final long HIGHEST_MICROS = 60_000_000;

  private final URI gateway;
  private final SecureRandom random = new SecureRandom();
  private final Histogram micros = new Histogram(HIGHEST_MICROS, 3);
  private final AtomicLong errors = new AtomicLong();
  private final List<String> problems = new ArrayList<>();

  Client(URI gateway) {
    this.gateway = gateway;
  }

  /// Returns the token of a new guest.
  String login() throws IOException {
    byte[] secret = new byte[32];
    random.nextBytes(secret);
    ObjectNode body = HttpRequest.JSON.createObjectNode().put("create", true);
    body.putObject("device")
        .put("id", "fuzz-" + UUID.randomUUID())
        .put("secret", Base64.getEncoder().encodeToString(secret));
    try (HttpWire wire = new HttpWire(gateway, PATIENCE)) {
      return HttpRequest.JSON
          .readTree(ask(wire, "POST", "/v1/auth/login", "", HttpRequest.write(body)))
          .path("accessToken")
          .asText();
    }
  }

  /// Returns the first world.
  String world(String token) throws IOException {
    try (HttpWire wire = new HttpWire(gateway, PATIENCE)) {
      return HttpRequest.JSON
          .readTree(ask(wire, "GET", "/v1/worlds", token, new byte[0]))
          .path("worlds")
          .path(0)
          .path("worldId")
          .asText();
    }
  }

  /// Returns the ids of persons of a world.
  List<String> people(String world, String token) throws IOException {
    try (HttpWire wire = new HttpWire(gateway, PATIENCE)) {
      List<String> ids = new ArrayList<>();
      JsonNode list =
          HttpRequest.JSON.readTree(
              ask(wire, "GET", "/v1/worlds/" + world + "/npcs", token, new byte[0]));
      list.path("npcs").forEach(person -> ids.add(person.path("npcId").asText()));
      return ids;
    }
  }

  /// Reads and talks until told to stop.
  void run(String world, List<String> people, AtomicBoolean over) {
    try (HttpWire wire = new HttpWire(gateway, PATIENCE)) {
      String token = "";
      for (int turn = 0; !over.get(); turn++) {
        try {
          if (turn % TURNS_OF_A_PLAYER == 0) {
            token = login();
          }
          String person = people.get(turn % people.size());
          byte[] words =
              HttpRequest.write(
                  HttpRequest.JSON.createObjectNode().put("utterance", "Good evening."));
          String talk = "/v1/worlds/" + world + "/npcs/" + person + ":converse";
          String said = timed(wire, "POST", talk, token, words);
          if (!said.contains("\"ended\"")) {
            throw new IOException("a talk without an end: " + said);
          }
          for (int i = 0; i < READS_OF_A_TURN && !over.get(); i++) {
            String path = i % 2 == 0 ? "/v1/worlds/" + world : "/v1/worlds/" + world + "/time";
            if (timed(wire, "GET", path, token, new byte[0]).isEmpty()) {
              throw new IOException("an empty answer");
            }
            LockSupport.parkNanos(PAUSE);
          }
        } catch (IOException | RuntimeException e) {
          errors.incrementAndGet();
          if (problems.size() < 5) {
            problems.add(String.valueOf(e.getMessage()));
          }
        }
      }
    }
  }

  long calls() {
    return micros.getTotalCount();
  }

  long errors() {
    return errors.get();
  }

  List<String> problems() {
    return problems;
  }

  double p99Millis() {
    return micros.getValueAtPercentile(99) / 1_000.0;
  }

  private String timed(HttpWire wire, String verb, String path, String token, byte[] body)
      throws IOException {
    long begin = System.nanoTime();
    String answer = ask(wire, verb, path, token, body);
    micros.recordValue(Math.min(HIGHEST_MICROS, (System.nanoTime() - begin) / 1_000));
    return answer;
  }

  private static String ask(HttpWire wire, String verb, String path, String token, byte[] body)
      throws IOException {
    HttpRequest request = new HttpRequest(verb, path, body);
    if (!token.isEmpty()) {
      request.headers.put("authorization", "Bearer " + token);
    }
    if (path.endsWith(":converse")) {
      request.headers.put("accept", "text/event-stream");
    }
    HttpWire.Answer answer = wire.send(request.bytes(), true, 1 << 20);
    for (int i = 0; answer.status() == 429 && i < WAITS; i++) {
      // The wrong requests come from the same address and use up what it may send.
      long seconds = answer.header("retry-after").map(Long::parseLong).orElse(1L);
      LockSupport.parkNanos(Duration.ofSeconds(Math.min(seconds, LONGEST_WAIT)).toNanos());
      answer = wire.send(request.bytes(), true, 1 << 20);
    }
    if (answer.status() != 200) {
      throw new IOException("%s %s: %d %s".formatted(verb, path, answer.status(), answer.text()));
    }
    return answer.text();
  }
}
