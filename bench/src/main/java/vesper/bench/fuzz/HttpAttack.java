package vesper.bench.fuzz;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.DynamicMessage;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/// Requests over HTTP/1.1 that are wrong in one way, as the kind says.
final class HttpAttack implements Attack {
  private static final List<String> VERBS =
      List.of(
          "GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE", "CONNECT", "FOO");
  private static final List<String> TYPES =
      List.of(
          "text/plain",
          "application/xml",
          "application/json; charset=utf-16",
          "application/json;;;",
          "application/x-www-form-urlencoded",
          "multipart/form-data; boundary=x",
          "application/grpc",
          "application/grpc-web+proto",
          "*/*",
          "/",
          "");
  private static final List<String> HEADERS =
      List.of(
          "x-timeout-ms",
          "traceparent",
          "x-request-id",
          "accept",
          "accept-encoding",
          "content-encoding",
          "expect",
          "grpc-timeout",
          "vesper-caller",
          "x-forwarded-for",
          "if-match",
          "range",
          "upgrade",
          "last-event-id",
          "cookie",
          "origin");
  private static final int HUGE = 600 * 1024;
  private static final Duration A_MOMENT = Duration.ofMillis(200);

  private final Kind kind;
  private final Arsenal arsenal;
  private final HttpWire wire;

  HttpAttack(Kind kind, Arsenal arsenal) {
    this.kind = kind;
    this.arsenal = arsenal;
    this.wire =
        new HttpWire(arsenal.gateway(), kind == Kind.RAW_BYTES ? A_MOMENT : Arsenal.PATIENCE);
  }

  /// What is wrong with the requests.
  enum Kind {
    PLAUSIBLE,
    ODD_VALUES,
    WRONG_TYPES,
    MALFORMED_JSON,
    DEEP_NESTING,
    BAD_UTF8,
    HUGE_BODIES,
    TOKENS,
    HEADERS,
    CONTENT_TYPES,
    VERBS_AND_PATHS,
    IDEMPOTENCY_KEYS,
    DROPPED_STREAMS,
    RAW_BYTES
  }

  @Override
  public Outcome send(RandomGenerator random) throws Exception {
    if (kind == Kind.RAW_BYTES) {
      return exchange("raw bytes", rawBytes(random), true, 4096, true);
    }
    FuzzRpc rpc = arsenal.overHttp(random, kind == Kind.DROPPED_STREAMS);
    HttpRequest request = request(rpc, random);
    if (kind != Kind.TOKENS && !request.headers.containsKey("authorization")) {
      request.headers.put("authorization", "Bearer " + arsenal.tokens().good(random));
    }
    boolean stream = rpc.streams();
    if (stream) {
      request.headers.putIfAbsent("accept", "text/event-stream");
      request.headers.putIfAbsent("x-timeout-ms", Integer.toString(50 + random.nextInt(400)));
    }
    boolean mayClose =
        kind == Kind.HUGE_BODIES || kind == Kind.HEADERS || kind == Kind.VERBS_AND_PATHS;
    int most = kind == Kind.DROPPED_STREAMS ? 1 + random.nextInt(600) : 64 * 1024;
    return exchange(
        request.toString(), request.bytes(), !request.verb.equals("HEAD"), most, mayClose);
  }

  private Outcome exchange(
      String shown, byte[] bytes, boolean hasBody, int mostBytes, boolean mayClose)
      throws IOException {
    HttpWire.Answer answer;
    try {
      answer = wire.send(bytes, hasBody, mostBytes);
    } catch (SocketTimeoutException e) {
      // Bytes that begin a request without ending it are waited for.
      return kind == Kind.RAW_BYTES
          ? Outcome.fine("none")
          : new Outcome("none", Optional.of("no answer to " + shown));
    } catch (IOException e) {
      return mayClose
          ? Outcome.fine("closed")
          : new Outcome("closed", Optional.of("closed (" + e.getMessage() + ") after " + shown));
    }
    return new Outcome(
        Integer.toString(answer.status()),
        Judge.http(answer)
            .map(wrong -> "%s in %s to %s".formatted(wrong, shortened(answer.text()), shown)));
  }

  private static String shortened(String text) {
    return text.length() > 400 ? text.substring(0, 400) + "…" : text;
  }

  private HttpRequest request(FuzzRpc rpc, RandomGenerator random) {
    double oddity = kind == Kind.ODD_VALUES ? .3 : 0;
    DynamicMessage message =
        arsenal.plausible().with(oddity).message(rpc.contract().getInputType(), random);
    if (kind == Kind.WRONG_TYPES) {
      ObjectNode tree = HttpRequest.tree(message);
      Spoil.tree(tree, random);
      return HttpRequest.of(rpc, tree);
    }
    HttpRequest request = HttpRequest.of(rpc, message);
    switch (kind) {
      case MALFORMED_JSON ->
          body(
              request,
              Spoil.text(new String(request.body, StandardCharsets.UTF_8), random)
                  .getBytes(StandardCharsets.UTF_8));
      case DEEP_NESTING -> body(request, Spoil.nested(random).getBytes(StandardCharsets.UTF_8));
      case BAD_UTF8 ->
          body(
              request,
              Spoil.badUtf8(new String(request.body, StandardCharsets.ISO_8859_1) + "\"", random));
      case HUGE_BODIES -> body(request, huge(random));
      case TOKENS -> {
        if (random.nextInt(6) > 0) {
          request.headers.put("authorization", arsenal.tokens().bad(random));
        }
      }
      case HEADERS -> spoilHeaders(request, random);
      case CONTENT_TYPES -> request.headers.put("content-type", Oddities.pick(TYPES, random));
      case VERBS_AND_PATHS -> spoilTarget(request, random);
      case IDEMPOTENCY_KEYS ->
          // Few keys, so that they meet again: with the same request, another one, at once, late.
          request.headers.put(
              "idempotency-key",
              random.nextInt(8) == 0
                  ? visible(Oddities.text(random))
                  : "fuzz-key-of-many-calls-" + random.nextInt(40));
      case PLAUSIBLE, ODD_VALUES, WRONG_TYPES, DROPPED_STREAMS, RAW_BYTES -> {}
    }
    return request;
  }

  private static void body(HttpRequest request, byte[] body) {
    request.body = body;
    request.headers.put("content-type", "application/json");
  }

  private static byte[] huge(RandomGenerator random) {
    byte[] body = new byte[HUGE / (1 + random.nextInt(4))];
    java.util.Arrays.fill(body, (byte) 'a');
    byte[] start = "{\"utterance\": \"".getBytes(StandardCharsets.UTF_8);
    System.arraycopy(start, 0, body, 0, start.length);
    body[body.length - 2] = '"';
    body[body.length - 1] = '}';
    return body;
  }

  private static void spoilHeaders(HttpRequest request, RandomGenerator random) {
    for (int i = 1 + random.nextInt(3); i > 0; i--) {
      String name = Oddities.pick(HEADERS, random);
      request.headers.put(
          name,
          switch (random.nextInt(4)) {
            case 0 -> Oddities.number(random);
            case 1 -> "x".repeat(1 << random.nextInt(15));
            default -> visible(Oddities.text(random));
          });
    }
  }

  /// What can stand in a header without ending it.
  private static String visible(String text) {
    return text.replaceAll("[\\r\\n]", "?");
  }

  private static void spoilTarget(HttpRequest request, RandomGenerator random) {
    switch (random.nextInt(7)) {
      case 0 -> request.verb = Oddities.pick(VERBS, random);
      case 1 -> request.target = "/" + HttpRequest.encoded(Oddities.text(random));
      case 2 -> request.target = request.target + "/" + HttpRequest.encoded(Oddities.text(random));
      case 3 -> request.target = request.target.replaceFirst("/v1/", "/v1//../v1/");
      case 4 -> request.target = request.target + "%zz%";
      case 5 ->
          request.target =
              request.target
                  + (request.target.contains("?") ? "&" : "?")
                  + HttpRequest.encoded(Oddities.text(random))
                  + "="
                  + HttpRequest.encoded(Oddities.text(random));
      default -> request.target = request.target + "?" + "a".repeat(1 << random.nextInt(14));
    }
  }

  private static byte[] rawBytes(RandomGenerator random) {
    String start =
        switch (random.nextInt(6)) {
          case 0 -> "GET / HTTP/9.9\r\n\r\n";
          case 1 -> "GET /v1/worlds HTTP/1.1\r\nhost\r\n\r\n";
          case 2 ->
              "POST /v1/auth/login HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n";
          case 3 -> "POST /v1/auth/login HTTP/1.1\r\nhost: x\r\ncontent-length: -5\r\n\r\n";
          case 4 ->
              "POST /v1/auth/login HTTP/1.1\r\nhost: x\r\ncontent-length: 1\r\n"
                  + "content-length: 2\r\n\r\nab";
          default -> "";
        };
    byte[] tail = Oddities.bytes(random, 200);
    byte[] head = start.getBytes(StandardCharsets.US_ASCII);
    byte[] bytes = java.util.Arrays.copyOf(head, head.length + tail.length + 4);
    System.arraycopy(tail, 0, bytes, head.length, tail.length);
    System.arraycopy(
        "\r\n\r\n".getBytes(StandardCharsets.US_ASCII), 0, bytes, head.length + tail.length, 4);
    return bytes;
  }

  @Override
  public void close() {
    wire.close();
  }
}
