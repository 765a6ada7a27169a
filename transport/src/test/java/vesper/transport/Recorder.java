package vesper.transport;

import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import java.util.concurrent.atomic.AtomicReference;

/// Keeps the metadata of the last request and sends its `x-` entries back: text in the headers,
/// bytes in the trailers.
record Recorder(AtomicReference<Metadata> last) implements ServerInterceptor {

  @Override
  public <Q, A> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
    last.set(headers);
    return next.startCall(
        new SimpleForwardingServerCall<>(call) {
          @Override
          public void sendHeaders(Metadata out) {
            copy(headers, out, "x-name", Metadata.ASCII_STRING_MARSHALLER);
            super.sendHeaders(out);
          }

          @Override
          public void close(Status status, Metadata trailers) {
            Metadata.Key<byte[]> raw =
                Metadata.Key.of("x-raw-bin", Metadata.BINARY_BYTE_MARSHALLER);
            byte[] value = headers.get(raw);
            if (value != null) {
              trailers.put(raw, value);
            }
            super.close(status, trailers);
          }
        },
        headers);
  }

  private static void copy(
      Metadata from, Metadata to, String name, Metadata.AsciiMarshaller<String> marshaller) {
    Metadata.Key<String> key = Metadata.Key.of(name, marshaller);
    Iterable<String> values = from.getAll(key);
    if (values != null) {
      values.forEach(value -> to.put(key, value));
    }
  }
}
