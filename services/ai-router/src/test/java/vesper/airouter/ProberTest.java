package vesper.airouter;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import vesper.routing.Health;
import vesper.routing.HealthState;
import vesper.testing.TestClock;
import vesper.testing.vllm.FakeVllm;

class ProberTest {
  private final TestClock clock = TestClock.create();

  @Test
  void server_tellsItsModelAndContext() throws Exception {
    try (FakeVllm server = FakeVllm.builder().model("first").context(4_096).start()) {
      Fleet fleet = probed("llm.url", server.url().toString());
      Backend llm = backend(fleet, "llm");
      assertThat(llm.model()).isEqualTo("first");
      assertThat(llm.contextTokens()).isEqualTo(4_096);
      assertThat(health(fleet, "llm").state()).isEqualTo(HealthState.UP);
    }
  }

  @Test
  void givenValues_stand() throws Exception {
    try (FakeVllm server = FakeVllm.builder().model("first").start()) {
      String url = server.url().toString();
      Fleet fleet = probed("llm.url", url, "llm.model", "other", "llm.context", "2100");
      assertThat(backend(fleet, "llm").model()).isEqualTo("other");
      assertThat(backend(fleet, "llm").contextTokens()).isEqualTo(2_100);
      Fleet unlisted = probed("llm.url", url, "llm.model", "other");
      assertThat(backend(unlisted, "llm").contextTokens()).isZero();
      assertThat(health(unlisted, "llm").state()).isEqualTo(HealthState.UP);
    }
  }

  @Test
  void smallContext_isADemo() throws Exception {
    try (FakeVllm server = FakeVllm.builder().context(1_024).start()) {
      assertThat(backend(probed("llm.url", server.url().toString()), "llm").isDemo()).isTrue();
    }
  }

  @Test
  void serverWithAnotherModel_isAskedForThat() throws Exception {
    FakeVllm first = FakeVllm.builder().model("first").start();
    AiRouterConfig config = Settings.read("llm.url", first.url().toString());
    Fleet fleet = new Fleet(config, clock);
    Prober prober = new Prober(fleet, new ModelServer(config.probe().limit()), config);
    prober.probeAll();
    prober.probeAll();
    assertThat(backend(fleet, "llm").model()).isEqualTo("first");
    first.close();
    try (FakeVllm second = FakeVllm.builder().port(first.port()).model("second").start()) {
      prober.probeAll();
      assertThat(backend(fleet, "llm").model()).isEqualTo(second.model());
      assertThat(health(fleet, "llm").state()).isEqualTo(HealthState.UP);
    }
  }

  @Test
  void deadServer_isDownAfterThreeProbesAndBackAfterTwo() throws Exception {
    FakeVllm server = FakeVllm.builder().start();
    AiRouterConfig config = Settings.read("llm.url", server.url().toString());
    Fleet fleet = new Fleet(config, clock);
    Prober prober = new Prober(fleet, new ModelServer(config.probe().limit()), config);
    assertThat(health(fleet, "llm").state()).isEqualTo(HealthState.DOWN);
    prober.probeAll();
    assertThat(health(fleet, "llm").state()).isEqualTo(HealthState.UP);
    server.close();
    for (int probe = 0; probe < 3; probe++) {
      assertThat(health(fleet, "llm").state()).isEqualTo(HealthState.UP);
      prober.probeAll();
    }
    assertThat(health(fleet, "llm").cause())
        .startsWith("Three probes in a row failed: ")
        .endsWith(".");
    clock.advance(Duration.ofSeconds(10));
    try (FakeVllm again = FakeVllm.builder().port(server.port()).start()) {
      prober.probeAll();
      assertThat(health(fleet, "llm").state()).isEqualTo(HealthState.DOWN);
      prober.probeAll();
      assertThat(health(fleet, "llm").state()).isEqualTo(HealthState.UP);
      again.behave(now -> now.withHealthy(false));
      for (int probe = 0; probe < 3; probe++) {
        prober.probeAll();
      }
      assertThat(health(fleet, "llm").cause()).contains("status 503");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "200 | {\"data\": []} | it has no model",
        "200 | nothing | cannot be read, so name one with --llm-model",
        "200 | {\"data\": [{\"id\": {}}]} | cannot be read",
        "200 | {\"data\": [{\"id\": \"m\", \"max_model_len\": \"x\"}]} | cannot be read",
        "401 | no | (status 401), so name one with --llm-model",
        "302 | no | (status 302)",
        "429 | no | status 429",
        "500 | no | status 500",
      })
  void serverThatTellsNoModel_isNotUsed(int status, String body, String cause) throws Exception {
    HttpServer server = answering(status, body.getBytes(StandardCharsets.UTF_8));
    try {
      String url = "http://127.0.0.1:" + server.getAddress().getPort();
      Fleet fleet = probed("llm.url", url);
      assertThat(health(fleet, "llm").state()).isEqualTo(HealthState.DOWN);
      assertThat(health(fleet, "llm").cause()).contains(cause);
      boolean answers = status < 429;
      assertThat(health(probed("llm.url", url, "llm.model", "m"), "llm").state())
          .isEqualTo(answers ? HealthState.UP : HealthState.DOWN);
    } finally {
      server.stop(0);
    }
  }

  @Test
  void hugeAnswer_isNotRead() throws Exception {
    HttpServer server = answering(200, new byte[2 * 1024 * 1024]);
    try {
      Fleet fleet = probed("llm.url", "http://127.0.0.1:" + server.getAddress().getPort());
      assertThat(health(fleet, "llm").cause()).contains("the connection broke");
    } finally {
      server.stop(0);
    }
  }

  @Test
  void serverThatNeverAnswers_isGivenUp() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
      Fleet fleet =
          probed("llm.url", "http://127.0.0.1:" + silent.getLocalPort(), "probe.limit", "50ms");
      assertThat(health(fleet, "llm").cause()).contains("no answer in 50 ms");
    }
  }

  @Test
  void answerThatNeverEnds_isGivenUp() throws Exception {
    HttpServer server = HttpServer.create(loopback(), 0);
    server.createContext(
        "/",
        exchange -> {
          exchange.sendResponseHeaders(200, 0);
          exchange.getResponseBody().write('{');
          exchange.getResponseBody().flush();
        });
    server.start();
    try {
      String url = "http://127.0.0.1:" + server.getAddress().getPort();
      Fleet fleet = probed("llm.url", url, "probe.limit", "50ms");
      assertThat(health(fleet, "llm").state()).isEqualTo(HealthState.DOWN);
      assertThat(health(fleet, "llm").cause()).startsWith("It has not answered a probe yet: ");
    } finally {
      server.stop(0);
    }
  }

  @Test
  void hostWithoutAnAddress_isNotCalled() throws Exception {
    Fleet fleet = probed("llm.url", "http://models.invalid/v1", "llm.model", "m");
    assertThat(health(fleet, "llm").cause()).contains("no address in this machine's private");
  }

  @Test
  void file_tellsItsContext(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("model.gguf");
    assertThat(health(probed("gguf.file", file.toString()), "gguf").cause())
        .contains("cannot be read");
    Files.write(file, new byte[100]);
    assertThat(health(probed("gguf.file", file.toString()), "gguf").cause())
        .contains("no GGUF model");
    Files.write(file, GgufFile.model(512));
    Fleet fleet = probed("gguf.file", file.toString());
    assertThat(health(fleet, "gguf").state()).isEqualTo(HealthState.UP);
    assertThat(backend(fleet, "gguf").contextTokens()).isEqualTo(512);
    assertThat(backend(fleet, "gguf").isDemo()).isTrue();
    assertThat(backend(fleet, "gguf").model()).isEqualTo(file.toString());
    Fleet given = probed("gguf.file", file.toString(), "gguf.context", "4096");
    assertThat(backend(given, "gguf").contextTokens()).isEqualTo(4_096);
  }

  @Test
  void ollama_isFoundWithItsFirstModel() throws Exception {
    FakeVllm ollama = FakeVllm.builder().model("llama3.2:3b").ollama().start();
    AiRouterConfig config = Settings.read("ollama.url", ollama.url().toString());
    Fleet fleet = new Fleet(config, clock);
    ModelServer servers = new ModelServer(config.probe().limit());
    OllamaFinder finder = new OllamaFinder(fleet, servers, config);
    assertThat(fleet.units()).isEmpty();
    finder.look();
    Backend found = backend(fleet, "ollama");
    assertThat(found.model()).isEqualTo("llama3.2:3b");
    assertThat(((Backend.Place.Server) found.place()).url()).isEqualTo(ollama.url().resolve("/v1"));
    new Prober(fleet, servers, config).probeAll();
    assertThat(health(fleet, "ollama").state()).isEqualTo(HealthState.UP);
    finder.look();
    assertThat(health(fleet, "ollama").state()).isEqualTo(HealthState.UP);
    ollama.close();
    finder.look();
    assertThat(backend(fleet, "ollama")).isEqualTo(found);
    try (FakeVllm other = FakeVllm.builder().port(ollama.port()).model("qwen").ollama().start()) {
      finder.look();
      assertThat(backend(fleet, "ollama").model()).isEqualTo(other.model());
    }
  }

  @Test
  void ollama_withoutTheModelThatIsWanted_isLeftAlone() throws Exception {
    try (FakeVllm ollama = FakeVllm.builder().ollama().start()) {
      AiRouterConfig config =
          Settings.read("ollama.url", ollama.url().toString(), "ollama.model", "qwen");
      Fleet fleet = new Fleet(config, clock);
      new OllamaFinder(fleet, new ModelServer(config.probe().limit()), config).look();
      assertThat(fleet.units()).isEmpty();
    }
  }

  private Fleet probed(String... settings) throws InterruptedException {
    AiRouterConfig config = Settings.read(settings);
    Fleet fleet = new Fleet(config, clock);
    new Prober(fleet, new ModelServer(config.probe().limit()), config).probeAll();
    return fleet;
  }

  private static Backend backend(Fleet fleet, String id) {
    return fleet.find(id).orElseThrow().backend();
  }

  private static Health health(Fleet fleet, String id) {
    return fleet.find(id).orElseThrow().member().health().now();
  }

  private static HttpServer answering(int status, byte[] body) throws IOException {
    HttpServer server = HttpServer.create(loopback(), 0);
    server.createContext(
        "/v1/models",
        exchange -> {
          exchange.getResponseHeaders().set("location", "http://127.0.0.1:9/v1/models");
          exchange.sendResponseHeaders(status, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
    return server;
  }

  private static InetSocketAddress loopback() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
  }
}
