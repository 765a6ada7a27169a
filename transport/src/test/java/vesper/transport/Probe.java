package vesper.transport;

import io.grpc.KnownLength;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.ServerServiceDefinition;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/// A service of text whose answers each test sets.
final class Probe {
  /// A request that the service cannot decode.
  static final String UNDECODABLE = "undecodable";

  static final String SERVICE = "vesper.probe.v1.Probe";

  static final MethodDescriptor<String, String> ASK = method("Ask", MethodType.UNARY);
  static final MethodDescriptor<String, String> LISTEN =
      method("Listen", MethodType.SERVER_STREAMING);
  static final MethodDescriptor<String, String> COLLECT =
      method("Collect", MethodType.CLIENT_STREAMING);
  static final MethodDescriptor<String, String> CHAT = method("Chat", MethodType.BIDI_STREAMING);

  /// What a method does with a request.
  interface Answer {
    void to(String request, ServerCallStreamObserver<String> observer) throws Exception;
  }

  volatile Answer ask =
      (request, observer) -> {
        observer.onNext("re: " + request);
        observer.onCompleted();
      };

  volatile Answer listen =
      (request, observer) -> {
        int items = Integer.parseInt(request);
        for (int i = 0; i < items; i++) {
          observer.onNext("item " + i);
        }
        observer.onCompleted();
      };

  ServerServiceDefinition definition() {
    return ServerServiceDefinition.builder(SERVICE)
        .addMethod(ASK, ServerCalls.<String, String>asyncUnaryCall((q, o) -> answer(ask, q, o)))
        .addMethod(
            LISTEN,
            ServerCalls.<String, String>asyncServerStreamingCall((q, o) -> answer(listen, q, o)))
        .build();
  }

  private static void answer(Answer answer, String request, StreamObserver<String> observer) {
    try {
      answer.to(request, (ServerCallStreamObserver<String>) observer);
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private static MethodDescriptor<String, String> method(String name, MethodType type) {
    return MethodDescriptor.newBuilder(new Text(true), new Text(false))
        .setType(type)
        .setFullMethodName(MethodDescriptor.generateFullMethodName(SERVICE, name))
        .build();
  }

  private record Text(boolean request) implements MethodDescriptor.Marshaller<String> {
    @Override
    public InputStream stream(String value) {
      return new TextInput(value.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public String parse(InputStream stream) {
      try {
        String text = new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        if (request && text.equals(UNDECODABLE)) {
          throw new IllegalArgumentException("a secret of the decoder");
        }
        return text;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private static final class TextInput extends ByteArrayInputStream implements KnownLength {
    TextInput(byte[] bytes) {
      super(bytes);
    }
  }
}
