package vesper.bench.fuzz;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;

/// Calls over HTTP/2 with wrong messages, or with frames that are no call at all.
final class GrpcAttack implements Attack {
  private static final int A_MOMENT = 200;

  private final boolean frames;
  private final Arsenal arsenal;

  /// @param frames whether the frames are wrong too, not only what is in them
  GrpcAttack(boolean frames, Arsenal arsenal) {
    this.frames = frames;
    this.arsenal = arsenal;
  }

  @Override
  public Outcome send(RandomGenerator random) throws Exception {
    FuzzRpc rpc = arsenal.any(random);
    Map<String, String> fields = fields(rpc, random);
    byte[] message =
        arsenal.plausible().with(.2).message(rpc.contract().getInputType(), random).toByteArray();
    if (random.nextInt(3) > 0) {
      message = Spoil.bytes(message, random);
    }
    int patience = frames ? A_MOMENT : (int) Arsenal.PATIENCE.toMillis();
    Map<String, String> told = new LinkedHashMap<>(fields);
    told.computeIfPresent("authorization", (_, token) -> shortened(token));
    String shown = "%s %s, %d bytes".formatted(rpc.name(), told, message.length);
    GrpcWire.Answer answer;
    try (GrpcWire wire = new GrpcWire(arsenal.gateway(), patience)) {
      if (frames) {
        garbage(wire, fields, message, random);
      } else {
        wire.frame(GrpcWire.HEADERS, GrpcWire.END_HEADERS, 1, GrpcWire.block(fields));
        wire.last(1, prefixed(message));
      }
      answer = wire.exchange(rpc.streams() ? 2 + random.nextInt(30) : 200);
    } catch (SocketTimeoutException e) {
      return frames
          ? Outcome.fine("none")
          : new Outcome("none", Optional.of("no answer to " + shown));
    } catch (IOException e) {
      return new Outcome("broken", Optional.of(e.getMessage() + " after " + shown));
    }
    return judged(answer, shown);
  }

  private Outcome judged(GrpcWire.Answer answer, String shown) {
    String status = answer.headers().get("grpc-status");
    String http = answer.headers().getOrDefault(":status", "");
    Optional<String> wrong = Judge.leak(answer.debug());
    if (status != null) {
      String text =
          URLDecoder.decode(
              answer.headers().getOrDefault("grpc-message", "").replace("+", "%2B"),
              StandardCharsets.UTF_8);
      wrong = wrong.or(() -> Judge.call(Integer.parseInt(status), text));
      wrong = wrong.or(() -> Judge.leak(answer.headers().toString()));
    } else if (http.equals("500")) {
      wrong = wrong.or(() -> Optional.of("status 500"));
    } else if (!frames && !answer.end().equals("dropped") && http.isEmpty()) {
      wrong = wrong.or(() -> Optional.of("no status, but " + answer.end()));
    }
    String counted =
        status == null ? (http.isEmpty() ? answer.end() : http) : Judge.name(number(status));
    return new Outcome(
        counted, wrong.map(what -> "%s in %s to %s".formatted(what, answer.headers(), shown)));
  }

  private static String shortened(String text) {
    return text.length() > 24 ? text.substring(0, 24) + "…" : text;
  }

  private static int number(String status) {
    return status.matches("\\d{1,3}") ? Integer.parseInt(status) : -1;
  }

  private Map<String, String> fields(FuzzRpc rpc, RandomGenerator random) {
    Map<String, String> fields = new LinkedHashMap<>();
    fields.put(":method", "POST");
    fields.put(":scheme", "http");
    fields.put(":path", random.nextInt(15) == 0 ? "/" + Oddities.id(random) : "/" + rpc.name());
    fields.put(":authority", "localhost");
    fields.put("te", "trailers");
    fields.put("content-type", "application/grpc+proto");
    fields.put("grpc-timeout", random.nextInt(8) == 0 ? Oddities.number(random) : "300m");
    fields.put(
        "authorization",
        random.nextInt(4) == 0
            ? arsenal.tokens().bad(random)
            : "Bearer " + arsenal.tokens().good(random));
    switch (random.nextInt(8)) {
      case 0 -> fields.put("x-bin", Oddities.id(random));
      case 1 -> fields.put("grpc-encoding", "gzip");
      case 2 -> fields.put("vesper-caller", Oddities.id(random));
      case 3 -> fields.put("idempotency-key", Oddities.id(random));
      case 4 -> fields.put("traceparent", Oddities.id(random));
      default -> {}
    }
    return fields;
  }

  private static void garbage(
      GrpcWire wire, Map<String, String> fields, byte[] message, RandomGenerator random) {
    byte[] block = GrpcWire.block(fields);
    switch (random.nextInt(12)) {
      case 0 -> wire.raw(Oddities.bytes(random, 500));
      case 1 -> wire.frame(GrpcWire.DATA, GrpcWire.END_STREAM, 1, message);
      case 2 -> wire.frame(GrpcWire.HEADERS, GrpcWire.END_HEADERS, 1, Oddities.bytes(random, 200));
      case 3 -> wire.header(0xFFFFFF, GrpcWire.HEADERS, 0, 1);
      case 4 -> wire.frame(random.nextInt(256), random.nextInt(256), random.nextInt(), message);
      case 5 -> wire.frame(GrpcWire.SETTINGS, 0, 0, Oddities.bytes(random, 40));
      case 6 -> {
        for (int stream = 1; stream < 60; stream += 2) {
          wire.frame(GrpcWire.HEADERS, GrpcWire.END_HEADERS, stream, block);
          wire.frame(GrpcWire.RST_STREAM, 0, stream, new byte[] {0, 0, 0, 8});
        }
      }
      default -> {
        wire.frame(GrpcWire.HEADERS, GrpcWire.END_HEADERS, 1, block);
        byte[] data = prefixed(message);
        switch (random.nextInt(6)) {
          case 0 -> data[0] = (byte) random.nextInt(256);
          case 1 -> data[1] = (byte) random.nextInt(256);
          case 2 -> data = Arrays.copyOf(data, random.nextInt(data.length));
          case 3 -> data = Arrays.copyOf(data, data.length + 3);
          case 4 -> data = twice(data);
          default -> data = new byte[0];
        }
        wire.frame(GrpcWire.DATA, GrpcWire.END_STREAM, 1, data);
      }
    }
  }

  private static byte[] prefixed(byte[] message) {
    byte[] data = new byte[message.length + 5];
    for (int i = 0; i < 4; i++) {
      data[1 + i] = (byte) (message.length >>> (24 - 8 * i));
    }
    System.arraycopy(message, 0, data, 5, message.length);
    return data;
  }

  private static byte[] twice(byte[] data) {
    byte[] both = Arrays.copyOf(data, 2 * data.length);
    System.arraycopy(data, 0, both, data.length, data.length);
    return both;
  }

  @Override
  public void close() {}
}
