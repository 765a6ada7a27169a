package vesper.bench.fuzz;

import io.nats.client.Connection;
import io.nats.client.Message;
import io.nats.client.Subscription;
import io.nats.client.impl.Headers;
import io.nats.client.impl.NatsMessage;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/// Messages on NATS that no caller of ours would send: to the subjects of rpcs with wrong bytes and
/// headers, and to the subjects on which streams are controlled.
final class NatsAttack implements Attack {
  private static final Duration PATIENCE = Duration.ofSeconds(15);
  private static final Duration A_MOMENT = Duration.ofMillis(1);
  private static final List<String> HEADERS =
      List.of(
          "authorization",
          "vesper-caller",
          "grpc-timeout",
          "traceparent",
          "x-request-id",
          "idempotency-key",
          "x-bin",
          "Grpc-Status",
          "Grpc-Message",
          "Seq",
          "Trailer-x",
          "Nats-Msg-Id",
          "Status");

  private final Kind kind;
  private final Arsenal arsenal;
  private final Connection nats;
  private final String inbox;
  private final Subscription answers;
  private long number;

  NatsAttack(Kind kind, Arsenal arsenal, Connection nats) {
    this.kind = kind;
    this.arsenal = arsenal;
    this.nats = nats;
    this.inbox = nats.createInbox();
    this.answers = nats.subscribe(inbox + ".>");
  }

  /// What is wrong with the messages.
  enum Kind {
    NATS_BYTES,
    NATS_HEADERS,
    NATS_CONTROL,
    NATS_REPLIES
  }

  @Override
  public Outcome send(RandomGenerator random) throws Exception {
    FuzzRpc rpc = arsenal.any(random);
    return switch (kind) {
      case NATS_BYTES -> {
        byte[] message =
            arsenal
                .plausible()
                .with(.2)
                .message(rpc.contract().getInputType(), random)
                .toByteArray();
        byte[] sent = random.nextInt(3) == 0 ? message : Spoil.bytes(message, random);
        yield call(rpc, headers(random), sent, random);
      }
      case NATS_HEADERS -> {
        Headers headers = headers(random);
        for (int i = 1 + random.nextInt(4); i > 0; i--) {
          headers.put(
              Oddities.pick(HEADERS, random),
              random.nextBoolean() ? Oddities.number(random) : printable(Oddities.text(random)));
        }
        yield call(rpc, headers, new byte[0], random);
      }
      case NATS_CONTROL -> {
        nats.publish(
            "svc." + rpc.domain() + ".v1.control" + (random.nextBoolean() ? "" : instance(random)),
            random.nextBoolean() ? control(random) : Oddities.bytes(random, 700));
        yield Outcome.fine("sent");
      }
      case NATS_REPLIES -> {
        String reply =
            switch (random.nextInt(7)) {
              case 0 -> null;
              case 1 -> "nowhere." + Oddities.id(random).replace(".", "");
              case 2 -> rpc.subject();
              case 3 -> "svc." + rpc.domain() + ".v1.control";
              case 4 -> inbox + ".-";
              case 5 -> inbox + ".zzzzzzzzzzzzzzzz.99999999H";
              default -> "a.b.5m";
            };
        nats.publish(
            NatsMessage.builder()
                .subject(rpc.subject())
                .replyTo(reply)
                .headers(headers(random))
                .data(Oddities.bytes(random, 80))
                .build());
        yield Outcome.fine("sent");
      }
    };
  }

  /// Calls as our channel does, or as any NATS client does, and waits for the end.
  private Outcome call(FuzzRpc rpc, Headers headers, byte[] message, RandomGenerator random)
      throws InterruptedException {
    drainOld();
    long call = ++number;
    boolean foreign = random.nextInt(4) == 0;
    String replyTo =
        foreign ? inbox + ".plain" + call : inbox + "." + Long.toString(call, 36) + ".400m";
    if (foreign) {
      headers.put("grpc-timeout", "400m");
    }
    nats.publish(
        NatsMessage.builder()
            .subject(rpc.subject())
            .replyTo(replyTo)
            .headers(headers)
            .data(message)
            .build());
    Message answer = answers.nextMessage(PATIENCE);
    String shown = "%s %s, %d bytes".formatted(rpc.subject(), headers, message.length);
    if (answer == null) {
      return new Outcome("none", Optional.of("no answer to " + shown));
    }
    if (answer.isStatusMessage()) {
      return new Outcome("no responders", Optional.of("nobody listens to " + rpc.subject()));
    }
    String status = answer.hasHeaders() ? answer.getHeaders().getFirst("Grpc-Status") : null;
    if (status == null || !status.matches("\\d{1,2}")) {
      return Outcome.fine("OK");
    }
    int code = Integer.parseInt(status);
    String text = String.valueOf(answer.getHeaders().getFirst("Grpc-Message"));
    return new Outcome(
        Judge.name(code),
        Judge.call(code, text).map(wrong -> "%s, '%s', to %s".formatted(wrong, text, shown)));
  }

  private Headers headers(RandomGenerator random) {
    Headers headers = new Headers();
    if (random.nextInt(3) > 0) {
      headers.put("authorization", "Bearer " + arsenal.tokens().good(random));
    }
    if (random.nextInt(3) == 0) {
      arsenal.tokens().service(random).ifPresent(token -> headers.put("vesper-caller", token));
    }
    return headers;
  }

  /// Frames of earlier calls, such as streams that go on.
  private void drainOld() throws InterruptedException {
    Message old;
    do {
      old = answers.getPendingMessageCount() > 0 ? answers.nextMessage(A_MOMENT) : null;
    } while (old != null);
  }

  /// What a caller tells a server about a call: kind, call, value, inbox.
  private byte[] control(RandomGenerator random) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.write(random.nextInt(4));
    varint(bytes, random.nextInt(3) == 0 ? random.nextLong() >>> 1 : random.nextInt(50));
    varint(bytes, random.nextInt(3) == 0 ? random.nextLong() >>> 1 : random.nextInt(50));
    bytes.writeBytes(
        (random.nextBoolean() ? inbox : Oddities.id(random)).getBytes(StandardCharsets.US_ASCII));
    return bytes.toByteArray();
  }

  private static void varint(ByteArrayOutputStream bytes, long value) {
    long rest = value;
    while (rest >= 128) {
      bytes.write((int) ((rest & 127) | 128));
      rest >>>= 7;
    }
    bytes.write((int) rest);
  }

  private static String instance(RandomGenerator random) {
    return "."
        + Oddities.id(random).replace('.', '_')
        + "."
        + Integer.toString(random.nextInt(99), 36);
  }

  private static String printable(String text) {
    return text.replaceAll("[^ -~]", "?");
  }

  @Override
  public void close() {
    answers.unsubscribe();
  }
}
