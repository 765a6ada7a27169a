package vesper.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.HdrHistogram.Histogram;
import vesper.testing.vllm.FakeVllm;

/// Times the first words of talks and of direct calls to the model server behind them.
final class FirstWords {
  private static final Duration WITHIN = Duration.ofSeconds(30);
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int TURNS_OF_A_PLAYER = 12;
  private static final int WARM_UP_TURNS = 400;
  private static final int WARM_UP_TALKS = 8;
  private static final long HIGHEST_MICROS = WITHIN.toMillis() * 1_000;
  private static final String[] WORDS = {
    "Good evening. What do you make of the weather?",
    "Tell me about the last broker.",
    "Who pays best for bone in this city?",
    "I have walked far. Is there stew?",
    "What should a stranger not do here?"
  };
  private static final String[] PEOPLE = {"mara-vey", "pip", "auntie-grubb", "hob-garrity"};

  private final FakeVllm models;
  private final URI gateway;
  private final HttpClient client = HttpClient.newHttpClient();
  private final SecureRandom random = new SecureRandom();

  FirstWords(FakeVllm models, URI gateway) {
    this.models = models;
    this.gateway = gateway;
  }

  /// What a talk gave.
  private record Talked(long micros, boolean byModel) {}

  /// Lets both sides compile what they run.
  void warmUp() throws Exception {
    measure(WARM_UP_TALKS, WARM_UP_TURNS);
  }

  /// Measures a number of answers, so many at the same time.
  AiCommand.Row measure(int inFlight, int turns) throws Exception {
    Histogram direct = new Histogram(HIGHEST_MICROS, 3);
    Histogram talk = new Histogram(HIGHEST_MICROS, 3);
    Histogram added = new Histogram(HIGHEST_MICROS, 3);
    AtomicInteger left = new AtomicInteger(turns);
    AtomicInteger scripted = new AtomicInteger();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Void>> callers = new ArrayList<>();
      for (int i = 0; i < inFlight; i++) {
        int caller = i;
        callers.add(
            threads.submit(() -> {
              String token = "";
              for (int turn = 0; left.getAndDecrement() > 0; turn++) {
                if (turn % TURNS_OF_A_PLAYER == 0) {
                  token = login();
                }
                String person = PEOPLE[(caller + turn / TURNS_OF_A_PLAYER) % PEOPLE.length];
                Talked talked = talk(token, person, WORDS[turn % WORDS.length]);
                long micros = callDirectly(WORDS[turn % WORDS.length]);
                if (talked.byModel()) {
                  synchronized (added) {
                    direct.recordValue(micros);
                    talk.recordValue(talked.micros());
                    added.recordValue(Math.max(0, talked.micros() - micros));
                  }
                } else {
                  scripted.incrementAndGet();
                }
              }
              return null;
            }));
      }
      for (Future<Void> caller : callers) {
        caller.get();
      }
    }
    return new AiCommand.Row(inFlight, direct, talk, added, scripted.get());
  }

  /// Logs a new guest in and returns its token.
  private String login() throws IOException, InterruptedException {
    byte[] secret = new byte[32];
    random.nextBytes(secret);
    String body =
        """
        {"device": {"id": "bench-%s", "secret": "%s"}, "create": true}\
        """
            .formatted(UUID.randomUUID(), Base64.getEncoder().encodeToString(secret));
    HttpResponse<String> answer =
        client.send(
            HttpRequest.newBuilder(gateway.resolve("/v1/auth/login"))
                .timeout(WITHIN)
                .header("content-type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build(),
            HttpResponse.BodyHandlers.ofString());
    return JSON.readTree(answer.body()).path("accessToken").asText();
  }

  private Talked talk(String token, String person, String words)
      throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(
                gateway.resolve("/v1/worlds/body-broker/npcs/" + person + ":converse"))
            .timeout(WITHIN)
            .header("authorization", "Bearer " + token)
            .header("content-type", "application/json")
            .header("accept", "text/event-stream")
            .POST(
                HttpRequest.BodyPublishers.ofString(
                    JSON.writeValueAsString(JSON.createObjectNode().put("utterance", words))))
            .build();
    long begin = System.nanoTime();
    long first = 0;
    boolean byModel = false;
    try (BufferedReader lines = open(request)) {
      String line;
      while ((line = lines.readLine()) != null) {
        if (!line.startsWith("data:")) {
          continue;
        }
        if (first == 0 && line.contains("\"text\"")) {
          first = System.nanoTime();
        }
        JsonNode item = JSON.readTree(line.substring("data:".length()));
        JsonNode ended = item.path("ended");
        if (!ended.isMissingNode()) {
          byModel = ended.path("path").asText().equals("ANSWER_PATH_MODEL");
        }
      }
    }
    if (first == 0) {
      throw new IOException("a talk without words");
    }
    return new Talked((first - begin) / 1_000, byModel);
  }

  private long callDirectly(String words) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(models.url().resolve("/v1/chat/completions"))
            .timeout(WITHIN)
            .header("content-type", "application/json")
            .POST(
                HttpRequest.BodyPublishers.ofString(
                    """
                    {"model": "%s", "stream": true, "max_tokens": 128,
                     "messages": [{"role": "system", "content": "%s"},
                                  {"role": "user", "content": "%s"}]}\
                    """
                        .formatted(models.model(), "You keep an inn. ".repeat(100), words)))
            .build();
    long begin = System.nanoTime();
    long first = 0;
    try (BufferedReader lines = open(request)) {
      String line;
      while ((line = lines.readLine()) != null) {
        boolean hasWords = line.startsWith("data: {") && line.contains("\"content\"");
        if (first == 0 && hasWords && !line.contains("\"content\":\"\"")) {
          first = System.nanoTime();
        }
      }
    }
    if (first == 0) {
      throw new IOException("a direct answer without words");
    }
    return (first - begin) / 1_000;
  }

  private BufferedReader open(HttpRequest request) throws IOException, InterruptedException {
    HttpResponse<java.io.InputStream> answer =
        client.send(request, HttpResponse.BodyHandlers.ofInputStream());
    if (answer.statusCode() != 200) {
      try (var body = answer.body()) {
        throw new IOException(
            "%s answered %d: %s"
                .formatted(
                    request.uri(),
                    answer.statusCode(),
                    new String(body.readAllBytes(), StandardCharsets.UTF_8)));
      }
    }
    return new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8));
  }
}
