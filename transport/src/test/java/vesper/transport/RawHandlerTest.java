package vesper.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.grpc.CallOptions;
import io.grpc.Context;
import io.grpc.Deadline;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import io.nats.client.Connection;
import io.nats.client.Message;
import java.time.Duration;
import java.util.Iterator;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import vesper.testing.NatsExtension;
import vesper.testing.TestNats;

/// Handlers that use a server call directly, well and badly.
@ExtendWith(NatsExtension.class)
final class RawHandlerTest {
  private static final Duration BOUND = Duration.ofSeconds(30);

  private final Nodes nodes;

  RawHandlerTest(TestNats nats) {
    nodes = new Nodes(nats.url());
  }

  @AfterEach
  void close() {
    nodes.close();
  }

  /// What a handler does with a request; other callbacks are counted by the test itself.
  private static class Handler extends ServerCall.Listener<String> {
    final ServerCall<String, String> call;

    Handler(ServerCall<String, String> call) {
      this.call = call;
      call.request(1);
      call.request(1);
    }
  }

  private NatsServer start(
      ServerCallHandler<String, String> ask, ServerCallHandler<String, String> listen) {
    return nodes.start(
        ServerServiceDefinition.builder(Probe.SERVICE)
            .addMethod(Probe.ASK, ask)
            .addMethod(Probe.LISTEN, listen)
            .build());
  }

  private NatsServer start(ServerCallHandler<String, String> handler) {
    return start(handler, handler);
  }

  private String ask(NatsChannel channel) {
    return ClientCalls.blockingUnaryCall(
        channel, Probe.ASK, CallOptions.DEFAULT.withDeadlineAfter(BOUND), "a");
  }

  private Status.Code codeOfAsk() {
    try {
      return Status.Code.valueOf(ask(nodes.channel()));
    } catch (StatusRuntimeException e) {
      return e.getStatus().getCode();
    }
  }

  @Test
  void requestAskedForLater_isDeliveredThen() {
    start((call, headers) -> {
      Thread.startVirtualThread(() -> call.request(1));
      return new ServerCall.Listener<>() {
        @Override
        public void onMessage(String message) {
          call.sendHeaders(new Metadata());
          call.sendMessage(message + call.isReady() + call.isCancelled());
          call.close(Status.OK, new Metadata());
        }
      };
    });

    assertThat(ask(nodes.channel())).isEqualTo("atruefalse");
  }

  @Test
  void noListener_isUnknown() {
    NatsServer server = start((call, headers) -> null);

    assertThat(codeOfAsk()).isEqualTo(Status.Code.UNKNOWN);
    await().atMost(BOUND).until(() -> server.inFlight() == 0);
  }

  @Test
  void startThatThrows_isUnknown() {
    NatsServer server =
        start((call, headers) -> {
          throw new IllegalStateException("a secret of the service");
        });

    assertThat(codeOfAsk()).isEqualTo(Status.Code.UNKNOWN);
    await().atMost(BOUND).until(() -> server.inFlight() == 0);
  }

  @Test
  void secondAnswerAndSecondHeaders_areRefused() {
    start((call, headers) ->
        new Handler(call) {
          @Override
          public void onHalfClose() {
            call.sendHeaders(new Metadata());
            assertThatThrownBy(() -> call.sendHeaders(new Metadata()))
                .isInstanceOf(IllegalStateException.class);
            call.sendMessage("one");
            assertThatThrownBy(() -> call.sendMessage("two"))
                .isInstanceOf(IllegalStateException.class);
            call.close(Status.OK, new Metadata());
            call.close(Status.ABORTED, new Metadata());
          }
        });

    assertThat(ask(nodes.channel())).isEqualTo("one");
  }

  @Test
  void headersThatCannotBeSent_endTheCall() {
    Metadata.Key<String> name = Metadata.Key.of("x-name", Metadata.ASCII_STRING_MARSHALLER);
    start((call, headers) ->
        new Handler(call) {
          @Override
          public void onHalfClose() {
            Metadata trailers = new Metadata();
            trailers.put(name, "two\nlines");
            call.sendMessage("one");
            call.close(Status.OK, trailers);
          }
        });

    assertThat(codeOfAsk()).isEqualTo(Status.Code.INTERNAL);
  }

  @Test
  void callbackThatThrowsAfterTheEnd_isLoggedOnly() {
    NatsServer server =
        start((call, headers) ->
            new Handler(call) {
              @Override
              public void onHalfClose() {
                call.sendMessage("one");
                call.close(Status.OK, new Metadata());
                throw new IllegalStateException("late");
              }

              @Override
              public void onComplete() {
                throw new IllegalStateException("later");
              }
            });

    assertThat(ask(nodes.channel())).isEqualTo("one");
    await().atMost(BOUND).until(() -> server.inFlight() == 0);
  }

  @Test
  void streamToNobody_isCancelledForItsHandler() {
    CompletableFuture<Boolean> seen = new CompletableFuture<>();
    start((call, headers) ->
        new Handler(call) {
          @Override
          public void onHalfClose() {
            call.sendMessage("one");
            await().atMost(BOUND).until(call::isCancelled);
            assertThat(call.isReady()).isFalse();
            assertThatThrownBy(() -> call.sendMessage("two"))
                .satisfies(e -> assertThat(CarriedCalls.code(e)).isEqualTo(Status.Code.CANCELLED));
            Metadata late = new Metadata();
            late.put(Metadata.Key.of("x-late", Metadata.ASCII_STRING_MARSHALLER), "yes");
            call.sendHeaders(late);
            call.close(Status.OK, new Metadata());
            throw new IllegalStateException("nobody hears this");
          }

          @Override
          public void onCancel() {
            seen.complete(true);
          }
        });
    try (Context.CancellableContext context = Context.current().withCancellation()) {
      context.run(() -> {
        Iterator<String> answers =
            ClientCalls.blockingServerStreamingCall(
                nodes.channel(), Probe.LISTEN, CallOptions.DEFAULT, "");
        assertThat(answers.next()).isEqualTo("one");
      });
      context.cancel(null);
    }

    assertThat(seen).succeedsWithin(BOUND);
  }

  @Test
  void interruptedHandler_stillAnswersAndDoesNotWaitForRoom() {
    start(
        (call, headers) ->
            new Handler(call) {
              @Override
              public void onHalfClose() {
                Thread.currentThread().interrupt();
                call.sendMessage("one");
                call.close(Status.OK, new Metadata());
                assertThat(Thread.interrupted()).isTrue();
              }
            },
        (call, headers) ->
            new Handler(call) {
              @Override
              public void onHalfClose() {
                Thread.currentThread().interrupt();
                Status.Code end = Status.Code.OK;
                for (int i = 0; i < 100 && end == Status.Code.OK; i++) {
                  try {
                    call.sendMessage("x");
                  } catch (StatusRuntimeException e) {
                    end = e.getStatus().getCode();
                  }
                }
                call.close(Status.ABORTED.withDescription(end.name()), new Metadata());
              }
            });
    NatsChannel channel = nodes.channel();
    assertThat(ask(channel)).isEqualTo("one");

    CompletableFuture<Status> end = new CompletableFuture<>();
    var call = channel.newCall(Probe.LISTEN, CallOptions.DEFAULT);
    call.start(
        new io.grpc.ClientCall.Listener<>() {
          @Override
          public void onClose(Status status, Metadata trailers) {
            end.complete(status);
          }
        },
        new Metadata());
    call.sendMessage("");
    call.halfClose();
    await().atMost(BOUND).until(() -> channel.inFlight() == 0);
    call.request(1000);

    assertThat(end)
        .succeedsWithin(BOUND)
        .satisfies(status -> assertThat(status.getDescription()).isEqualTo("CANCELLED"));
  }

  @Test
  void deadlines_theNearestHolds() {
    AtomicReference<Deadline> seen = new AtomicReference<>();
    start((call, headers) ->
        new Handler(call) {
          @Override
          public void onHalfClose() {
            seen.set(Context.current().getDeadline());
            call.sendMessage("one");
            call.close(Status.OK, new Metadata());
          }
        });
    NatsChannel channel = nodes.channel();
    for (int[] minutes : new int[][] {{10, 20}, {20, 10}}) {
      try (Context.CancellableContext context =
          Context.current().withDeadlineAfter(minutes[0], TimeUnit.MINUTES, Timers.SCHEDULER)) {
        context.run(() ->
            ClientCalls.blockingUnaryCall(
                channel,
                Probe.ASK,
                CallOptions.DEFAULT.withDeadlineAfter(minutes[1], TimeUnit.MINUTES),
                "a"));
      }
      assertThat(seen.get().timeRemaining(TimeUnit.MINUTES)).isBetween(8L, 10L);
    }
  }

  @Test
  void plainNatsRequest_toFullServer_getsStatus() throws Exception {
    NatsServer server =
        nodes.start(
            nodes
                .server(new Probe().definition())
                .maxInFlight(1)
                .defaultDeadline(Duration.ofMinutes(1)));
    server.leave();
    Probe stuck = new Probe();
    stuck.ask = (request, observer) -> {};
    NatsServer full = nodes.start(nodes.server(stuck.definition()).maxInFlight(1));
    Connection tool = nodes.connect("tool");
    tool.publish("svc.probe.v1.Ask", "nobody.listens", new byte[0]);
    await().atMost(BOUND).until(() -> full.inFlight() == 1);

    Message answer = tool.request("svc.probe.v1.Ask", new byte[0]).get(30, TimeUnit.SECONDS);

    assertThat(answer.getHeaders().getFirst("Grpc-Status")).isEqualTo("8");
    assertThat(answer.getHeaders().getFirst("Trailer-vesper-refused")).isEqualTo("limit");
    full.close();
    assertThat(full.stats().refused()).isOne();
    assertThatThrownBy(() -> server.start()).isInstanceOf(IllegalStateException.class);
  }
}
