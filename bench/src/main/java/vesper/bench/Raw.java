package vesper.bench;

import io.nats.client.Connection;
import io.nats.client.Dispatcher;
import io.nats.client.Message;
import io.nats.client.Nats;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;

/// jnats without anything of ours: its own `request()`, and the fastest that can be built on it, an
/// inbox that all calls share.
@SuppressWarnings("try") // Closing a NATS connection may be interrupted.
final class Raw implements AutoCloseable {
  private static final String SUBJECT = "bench.raw";
  private static final Duration WITHIN = Duration.ofSeconds(5);

  private final Connection client;
  private final Connection server;
  private final byte[] payload;
  private final String inbox;
  private final AtomicLong next = new AtomicLong();
  private final Map<String, CompletableFuture<byte[]>> waiting = new ConcurrentHashMap<>();

  Raw(URI nats, String text) throws IOException, InterruptedException, TimeoutException {
    client = Nats.connect(nats.toString());
    server = Nats.connect(nats.toString());
    payload = text.getBytes(StandardCharsets.UTF_8);
    Dispatcher answering =
        server.createDispatcher(request -> server.publish(request.getReplyTo(), request.getData()));
    answering.subscribe(SUBJECT, "q");
    server.flush(WITHIN);
    inbox = client.createInbox() + ".";
    Dispatcher receiving =
        client.createDispatcher(answer -> {
          CompletableFuture<byte[]> call = waiting.remove(answer.getSubject());
          if (call != null) {
            call.complete(answer.getData());
          }
        });
    receiving.subscribe(inbox + "*");
    client.flush(WITHIN);
  }

  void request() throws InterruptedException {
    Message answer = client.request(SUBJECT, payload, WITHIN);
    if (answer == null || answer.getData().length != payload.length) {
      throw new IllegalStateException("no answer, or a wrong one");
    }
  }

  void mux() throws Exception {
    String reply = inbox + next.incrementAndGet();
    CompletableFuture<byte[]> call = new CompletableFuture<>();
    waiting.put(reply, call);
    client.publish(SUBJECT, reply, payload);
    if (call.get(WITHIN.toMillis(), TimeUnit.MILLISECONDS).length != payload.length) {
      throw new IllegalStateException("a wrong answer");
    }
  }

  @Override
  public void close() throws InterruptedException {
    client.close();
    server.close();
  }
}
