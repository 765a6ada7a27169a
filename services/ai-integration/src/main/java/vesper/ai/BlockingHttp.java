package vesper.ai;

import dev.langchain4j.exception.HttpException;
import dev.langchain4j.http.client.HttpClient;
import dev.langchain4j.http.client.HttpClientBuilder;
import dev.langchain4j.http.client.HttpRequest;
import dev.langchain4j.http.client.SuccessfulHttpResponse;
import dev.langchain4j.http.client.sse.ServerSentEventListener;
import dev.langchain4j.http.client.sse.ServerSentEventParser;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;

/// HTTP in the thread that asks: it is read there, and interrupting it closes the connection. One
/// virtual thread per stream never waits for another stream, where the usual client reads all
/// streams in one small pool.
///
/// @param client shared by all endpoints
/// @param limit longest wait for the head of an answer
record BlockingHttp(java.net.http.HttpClient client, Duration limit) implements HttpClient {
  private static final int SUCCESS = 2;
  private static final int HUNDRED = 100;
  private static final int MOST_BYTES = 16 << 20;

  /// A status that is no success.
  static final class Refused extends HttpException {
    private static final long serialVersionUID = 1;

    private final transient Optional<Duration> retryAfter;

    Refused(int status, Optional<Duration> retryAfter) {
      super(status, "status " + status);
      this.retryAfter = retryAfter;
    }

    Failure failure() {
      return Failure.http(statusCode(), retryAfter);
    }
  }

  @Override
  public SuccessfulHttpResponse execute(HttpRequest request) {
    HttpResponse<InputStream> response = send(request);
    try (InputStream body = response.body()) {
      return success(response, new String(body.readNBytes(MOST_BYTES), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new Unreachable(e);
    }
  }

  @Override
  public void execute(
      HttpRequest request, ServerSentEventParser parser, ServerSentEventListener listener) {
    HttpResponse<InputStream> response;
    try {
      response = send(request);
    } catch (HttpException | Unreachable e) {
      listener.onError(e);
      return;
    }
    listener.onOpen(success(response, null));
    try (InputStream body = new AtMost(response.body(), MOST_BYTES)) {
      parser.parse(body, listener);
      listener.onClose();
    } catch (IOException e) {
      listener.onError(e);
    }
  }

  /// No answer came.
  static final class Unreachable extends RuntimeException {
    private static final long serialVersionUID = 1;

    Unreachable(Exception cause) {
      super(cause);
    }
  }

  private HttpResponse<InputStream> send(HttpRequest request) {
    HttpResponse<InputStream> response;
    try {
      response = client.send(translate(request), BodyHandlers.ofInputStream());
    } catch (IOException e) {
      throw new Unreachable(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Unreachable(e);
    }
    if (response.statusCode() / HUNDRED != SUCCESS) {
      close(response.body());
      throw new Refused(response.statusCode(), retryAfter(response));
    }
    return response;
  }

  private java.net.http.HttpRequest translate(HttpRequest request) {
    var translated = java.net.http.HttpRequest.newBuilder(URI.create(request.url())).timeout(limit);
    request
        .headers()
        .forEach((name, values) -> values.forEach(value -> translated.header(name, value)));
    String body = request.body();
    translated.method(
        request.method().name(),
        body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
    return translated.build();
  }

  private static SuccessfulHttpResponse success(
      HttpResponse<?> response, @org.jspecify.annotations.Nullable String body) {
    return SuccessfulHttpResponse.builder()
        .statusCode(response.statusCode())
        .headers(response.headers().map())
        .body(body)
        .build();
  }

  private static Optional<Duration> retryAfter(HttpResponse<?> response) {
    return response
        .headers()
        .firstValue("retry-after")
        .filter(text -> text.matches("[0-9]{1,6}"))
        .map(text -> Duration.ofSeconds(Long.parseLong(text)));
  }

  /// Leaves a body unread, which gives the connection up.
  private static void close(InputStream body) {
    try {
      body.close();
    } catch (IOException e) {
      throw new Unreachable(e);
    }
  }

  /// A body that ends with an error once it is longer than any answer.
  private static final class AtMost extends java.io.FilterInputStream {
    private long left;

    AtMost(InputStream body, long most) {
      super(body);
      left = most;
    }

    @Override
    public int read() throws IOException {
      return count(super.read(), 1);
    }

    @Override
    public int read(byte[] bytes, int from, int length) throws IOException {
      int count = super.read(bytes, from, length);
      return count(count, count);
    }

    private int count(int result, int bytes) throws IOException {
      if (result >= 0) {
        left -= bytes;
        if (left < 0) {
          throw new IOException("the answer is too long");
        }
      }
      return result;
    }
  }

  /// Gives the connector this client.
  record Builder(java.net.http.HttpClient client, Duration connectTimeout, Duration readTimeout)
      implements HttpClientBuilder {
    @Override
    public HttpClientBuilder connectTimeout(Duration timeout) {
      return this;
    }

    @Override
    public HttpClientBuilder readTimeout(Duration timeout) {
      return this;
    }

    @Override
    public HttpClient build() {
      return new BlockingHttp(client, readTimeout);
    }
  }
}
