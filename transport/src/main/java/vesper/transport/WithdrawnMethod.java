package vesper.transport;

import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.Marshaller;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.ServerCall;
import io.grpc.ServerMethodDefinition;
import io.grpc.Status;
import java.io.InputStream;

/// Answers a call that was made in-process just before its service left: nobody saw it, so it may
/// be sent elsewhere.
final class WithdrawnMethod {
  private static final Marshaller<Object> UNREAD =
      new Marshaller<>() {
        @Override
        public InputStream stream(Object value) {
          return InputStream.nullInputStream();
        }

        @Override
        public Object parse(InputStream stream) {
          return stream;
        }
      };

  private WithdrawnMethod() {}

  static ServerMethodDefinition<Object, Object> of(String fullMethodName) {
    MethodDescriptor<Object, Object> method =
        MethodDescriptor.<Object, Object>newBuilder()
            .setType(MethodType.UNKNOWN)
            .setFullMethodName(fullMethodName)
            .setRequestMarshaller(UNREAD)
            .setResponseMarshaller(UNREAD)
            .build();
    return ServerMethodDefinition.create(
        method,
        (call, _) -> {
          call.close(
              Status.UNAVAILABLE.withDescription("the service has left"),
              Refusal.trailers(Refusal.NO_RESPONDERS));
          return new ServerCall.Listener<>() {};
        });
  }
}
