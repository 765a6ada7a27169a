package vesper.airouter;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;

/// Asks servers which models they have. It follows no redirect and sends no key.
final class ModelServer {
  private static final long LARGEST_ANSWER = 1024 * 1024;
  private static final int MOST_MODELS = 1_000;

  private final Duration limit;
  private final HttpClient http;

  /// @param limit time for an answer
  ModelServer(Duration limit) {
    this.limit = limit;
    http =
        HttpClient.newBuilder()
            .executor(Executors.newVirtualThreadPerTaskExecutor())
            .followRedirects(HttpClient.Redirect.NEVER)
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(limit)
            .build();
  }

  /// A model that a server has.
  ///
  /// @param contextTokens 0 when it does not say
  record Listed(String name, int contextTokens) {}

  /// What a server said.
  sealed interface Answer {
    /// It has these models.
    record Models(List<Listed> models) implements Answer {}

    /// It answers, but does not say which models it has.
    record Silent(String why) implements Answer {}

    /// It does not answer.
    record Failed(String why) implements Answer {}
  }

  /// Asks as OpenAI's clients do.
  Answer models(URI base) throws InterruptedException {
    return ask(URI.create(base + "/models"), "data", "id");
  }

  /// Asks as Ollama's clients do.
  Answer tags(URI ollama) throws InterruptedException {
    return ask(ollama.resolve("/api/tags"), "models", "name");
  }

  private Answer ask(URI address, String list, String name) throws InterruptedException {
    HttpRequest request = HttpRequest.newBuilder(address).timeout(limit).build();
    try {
      HttpResponse<String> response =
          http.send(
              request,
              BodyHandlers.limiting(BodyHandlers.ofString(StandardCharsets.UTF_8), LARGEST_ANSWER));
      int status = response.statusCode();
      if (status >= 500 || status == 429) {
        return new Answer.Failed("status " + status);
      }
      return status == 200
          ? read(response.body(), list, name)
          : new Answer.Silent("it does not list its models (status " + status + ")");
    } catch (HttpTimeoutException late) {
      return new Answer.Failed("no answer in " + limit.toMillis() + " ms");
    } catch (ConnectException refused) {
      return new Answer.Failed("no connection");
    } catch (IOException broken) {
      return new Answer.Failed("the connection broke");
    }
  }

  private static Answer read(String body, String list, String name) {
    try {
      List<Listed> models = new ArrayList<>();
      for (JsonElement item : JsonParser.parseString(body).getAsJsonObject().getAsJsonArray(list)) {
        JsonObject model = item.getAsJsonObject();
        models.add(new Listed(model.get(name).getAsString(), context(model)));
        if (models.size() == MOST_MODELS) {
          break;
        }
      }
      return new Answer.Models(List.copyOf(models));
    } catch (JsonParseException
        | IllegalStateException
        | ClassCastException
        | NullPointerException
        | UnsupportedOperationException
        | NumberFormatException foreign) {
      return new Answer.Silent("its list of models cannot be read");
    }
  }

  /// vLLM says how long its context is.
  private static int context(JsonObject model) {
    JsonElement given = model.get("max_model_len");
    return given == null || given.isJsonNull() ? 0 : Math.max(0, given.getAsInt());
  }
}
