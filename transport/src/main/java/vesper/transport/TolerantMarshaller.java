package vesper.transport;

import io.grpc.MethodDescriptor;
import io.grpc.ServerMethodDefinition;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/// Reads requests of in-process calls; one that cannot be decoded is read as null, which
/// [LocalAdmission] refuses. Without it grpc ends such a call with UNKNOWN, as if the service had
/// failed.
///
/// @param strict the method's own marshaller
record TolerantMarshaller<Q>(MethodDescriptor.Marshaller<Q> strict)
    implements MethodDescriptor.Marshaller<Q> {

  /// Lets a method read requests so.
  static <Q, A> ServerMethodDefinition<Q, A> of(ServerMethodDefinition<Q, A> method) {
    MethodDescriptor<Q, A> descriptor = method.getMethodDescriptor();
    return ServerMethodDefinition.create(
        descriptor.toBuilder()
            .setRequestMarshaller(new TolerantMarshaller<>(descriptor.getRequestMarshaller()))
            .build(),
        method.getServerCallHandler());
  }

  @Override
  public InputStream stream(Q value) {
    return strict.stream(value);
  }

  @Override
  @SuppressWarnings("NullAway") // grpc hands on whatever it gets
  public @Nullable Q parse(InputStream stream) {
    try {
      return strict.parse(stream);
    } catch (RuntimeException e) {
      return null;
    }
  }
}
