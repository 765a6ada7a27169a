package vesper.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PagesTest {
  private static TestEdge edge;

  @BeforeAll
  static void start() {
    edge = new TestEdge(TestEdge.CONFIG);
  }

  @AfterAll
  static void stop() {
    edge.close();
  }

  @ParameterizedTest
  @CsvSource({
    "/, text/plain, GET /docs",
    "/v1, text/plain, /v1/worlds/{worldId}/time",
    "/openapi.json, application/json, 3.1.0",
    "/docs, text/html, docs.js",
    "/docs/docs.js, text/javascript, SwaggerUIBundle",
    "/docs/vesper.css, text/css, swagger-ui",
    "/docs/icon.svg, image/svg+xml, svg",
    "/docs/swagger-ui.css, text/css, swagger-ui",
    "/docs/swagger-ui-bundle.js, text/javascript, SwaggerUIBundle",
  })
  void page_isServedToAnybody_andLoadsNothingFromElsewhere(String path, String type, String part) {
    HttpResponse<String> page = edge.send(edge.anonymous(path));

    assertThat(page.statusCode()).isEqualTo(200);
    assertThat(page.headers().firstValue("content-type").orElseThrow()).startsWith(type);
    assertThat(page.body()).contains(part);
    assertThat(page.headers().firstValue("content-security-policy").orElseThrow())
        .contains("default-src 'none'", "script-src 'self'")
        .doesNotContain("unsafe", "http");
    assertThat(page.headers().firstValue("x-content-type-options")).contains("nosniff");
  }

  @Test
  void list_isHtmlForBrowsers() {
    HttpResponse<String> page =
        edge.send(edge.anonymous("/").header("Accept", "text/html,application/xhtml+xml"));

    assertThat(page.headers().firstValue("content-type").orElseThrow()).startsWith("text/html");
    assertThat(page.body()).contains("<h2>vesper.npc.v1.Npcs</h2>").doesNotContain("<script");
  }

  @Test
  void document_isTheSameEachTime_andNotSentTwice() {
    HttpResponse<String> first = edge.send(edge.anonymous("/openapi.json"));
    JsonObject document = JsonParser.parseString(first.body()).getAsJsonObject();
    assertThat(document.getAsJsonObject("paths").keySet()).contains("/v1/auth/login");

    HttpResponse<String> again =
        edge.send(
            edge.anonymous("/openapi.json")
                .header("If-None-Match", first.headers().firstValue("etag").orElseThrow()));
    assertThat(again.statusCode()).isEqualTo(304);
  }

  @Test
  void otherMethods_are405() {
    HttpResponse<String> answer =
        edge.send(edge.anonymous("/docs").POST(BodyPublishers.ofString("x")));

    JsonEdgeTest.problem(answer, 405);
    assertThat(answer.headers().firstValue("allow")).contains("GET, HEAD");
  }

  @Test
  void withoutDocs_isNothingThere() {
    try (TestEdge bare = new TestEdge(TestEdge.config(Map.of("docs", "false")))) {
      JsonEdgeTest.problem(bare.get("/docs"), 404);
      JsonEdgeTest.problem(bare.get("/openapi.json"), 404);
      JsonEdgeTest.problem(bare.get("/"), 404);
    }
  }
}
