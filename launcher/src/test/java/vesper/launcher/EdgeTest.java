package vesper.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.ConsoleMessage;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import vesper.testing.VesperSystem;
import vesper.testing.VesperSystemExtension;

/// The edge of a running system, as a newcomer meets it.
@ExtendWith(VesperSystemExtension.class)
class EdgeTest {
  @Tag("GW-T2")
  @Test
  void openApi_everyExampleRuns(VesperSystem system) throws Exception {
    try (Http http = new Http(system.gateway());
        HttpClient client = HttpClient.newHttpClient()) {
      JsonNode paths = Http.json(http.get("/openapi.json", "")).path("paths");
      String operator = Operator.token(new DataDirectory(system.data()));
      List<String> wrong = new ArrayList<>();
      String player = http.login("example");
      int calls = 0;
      for (Map.Entry<String, JsonNode> path : paths.properties()) {
        for (Map.Entry<String, JsonNode> one : path.getValue().properties()) {
          JsonNode operation = one.getValue();
          String id = operation.path("operationId").asText();
          boolean forOperators =
              operation
                  .path("description")
                  .asText()
                  .matches("(?s).*For [^.]*(operators|designers|admins|moderators).*");
          // One of the calls ends its session.
          String token =
              forOperators
                  ? operator
                  : id.equals("authLogout") ? http.login("example-logout") : player;
          HttpResponse<String> answer =
              client.send(
                  request(system.gateway(), path.getKey(), one.getKey(), operation, token),
                  HttpResponse.BodyHandlers.ofString());
          int expected = id.equals("authRefreshToken") ? 401 : 200;
          if (answer.statusCode() != expected && answer.statusCode() != 404) {
            wrong.add(id + ": " + answer.statusCode() + " " + answer.body());
          }
          calls++;
        }
      }
      assertThat(wrong).isEmpty();
      assertThat(calls).isGreaterThan(40);
    }
  }

  @Test
  void root_listsTheRoutes(VesperSystem system) throws Exception {
    try (Http http = new Http(system.gateway())) {
      HttpResponse<String> list = http.get("/", "");

      assertThat(list.statusCode()).isEqualTo(200);
      assertThat(list.body())
          .contains("/v1/worlds/{worldId}/npcs/{npcId}:converse", "GET /docs", "/openapi.json");
    }
  }

  @Tag("needs-chromium")
  @Test
  void docs_guestGetsATokenAndCallsAnRpc(VesperSystem system) {
    try (Playwright playwright =
            Playwright.create(
                new Playwright.CreateOptions()
                    .setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        Browser browser = playwright.chromium().launch(chromium());
        Page page = browser.newPage()) {
      List<String> complaints = new ArrayList<>();
      page.onConsoleMessage(message -> complaint(message, complaints));
      page.onPageError(complaints::add);
      List<String> elsewhere = new ArrayList<>();
      page.onRequest(request -> {
        if (!request.url().startsWith(system.gateway().toString())
            && !request.url().startsWith("data:")) {
          elsewhere.add(request.url());
        }
      });

      page.navigate(system.gateway() + "/docs");
      page.locator("#play").click();
      page.getByText("carry the token of guest").waitFor();
      Locator operation =
          page.locator(".opblock")
              .filter(
                  new Locator.FilterOptions()
                      .setHas(page.locator("[data-path='/v1/worlds/{worldId}/time']")));
      operation.locator(".opblock-summary-control").click();
      operation.locator("button.execute").click();
      Locator answer = operation.locator(".live-responses-table .response-col_description").last();
      answer.locator(".microlight, .highlight-code").first().waitFor();

      assertThat(operation.locator(".live-responses-table .response-col_status").last().innerText())
          .contains("200");
      assertThat(answer.innerText()).contains("\"worldId\": \"body-broker\"", "gameSeconds");
      page.reload();
      page.locator("button.authorize.locked").waitFor();
      assertThat(elsewhere).isEmpty();
      assertThat(complaints).isEmpty();
    }
  }

  private static void complaint(ConsoleMessage message, List<String> complaints) {
    if (message.type().equals("error") || message.type().equals("warning")) {
      complaints.add(message.text());
    }
  }

  private static BrowserType.LaunchOptions chromium() {
    Path program =
        Prerequisite.CHROMIUM_PROGRAMS.stream()
            .filter(Files::isExecutable)
            .findFirst()
            .orElseThrow();
    return new BrowserType.LaunchOptions()
        .setExecutablePath(program)
        .setArgs(List.of("--no-sandbox", "--disable-gpu", "--disable-background-networking"));
  }

  private static HttpRequest request(
      URI gateway, String template, String method, JsonNode operation, String token) {
    String path = template;
    StringBuilder query = new StringBuilder();
    for (JsonNode parameter : operation.path("parameters")) {
      if (parameter.has("example")) {
        String name = parameter.path("name").asText();
        String value =
            URLEncoder.encode(parameter.path("example").asText(), StandardCharsets.UTF_8);
        if (parameter.path("in").asText().equals("path")) {
          path = path.replace("{" + name + "}", value);
        } else {
          query.append(query.isEmpty() ? "?" : "&").append(name).append('=').append(value);
        }
      }
    }
    JsonNode body = operation.path("requestBody").path("content").path("application/json");
    HttpRequest.Builder request =
        HttpRequest.newBuilder(gateway.resolve(path + query))
            .timeout(Duration.ofSeconds(60))
            .header("content-type", "application/json")
            .method(
                method.toUpperCase(Locale.ROOT),
                body.isMissingNode()
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofString(body.path("example").toString()));
    boolean stream =
        operation.path("responses").path("200").path("content").has("text/event-stream");
    request.header("x-timeout-ms", stream ? "2000" : "20000");
    if (!operation.path("security").isEmpty()) {
      request.header("authorization", "Bearer " + token);
    }
    return request.build();
  }
}
