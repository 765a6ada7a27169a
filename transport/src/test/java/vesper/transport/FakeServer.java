package vesper.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.nats.client.Connection;
import io.nats.client.Message;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;

/// A server of the [Probe] that sends whatever a test wants.
final class FakeServer {
  private static final String CONTROL = "svc.probe.v1.control.fake";

  /// The first thing a caller said about one of its calls.
  final CompletableFuture<Control> told = new CompletableFuture<>();

  private final Connection connection;

  /// @param answer what to do with a request
  FakeServer(Nodes nodes, BiConsumer<FakeServer, Message> answer) {
    connection = nodes.connect("fake");
    connection
        .createDispatcher(message -> {
          if (message.getSubject().equals(CONTROL)) {
            told.complete(Control.read(message.getData()));
          } else if (!message.getSubject().contains("control")) {
            answer.accept(this, message);
          }
        })
        .subscribe("svc.probe.v1.>");
    try {
      connection.flush(Duration.ofSeconds(5));
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  static CallAddress address(Message request) {
    CallAddress address = CallAddress.parse(request.getReplyTo());
    assertThat(address).isNotNull();
    return address == null ? new CallAddress("", 0, 0) : address;
  }

  static Frame frame(Frame.Kind kind, long call, long sequence, String text) {
    return new Frame(kind, call, sequence, text.getBytes(StandardCharsets.UTF_8), null, "");
  }

  static byte[] batch(Frame... frames) {
    ByteWriter out = new ByteWriter();
    for (Frame frame : frames) {
      BatchCodec.write(frame, out);
    }
    return out.take();
  }

  /// Sends frames as a server does, in one message.
  void send(CallAddress to, Frame... frames) {
    connection.publish(to.inbox() + ".-", CONTROL, batch(frames));
  }

  /// Sends anything.
  Connection connection() {
    return connection;
  }
}
