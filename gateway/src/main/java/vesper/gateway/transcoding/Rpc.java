package vesper.gateway.transcoding;

import com.google.api.AnnotationsProto;
import com.google.api.HttpBody;
import com.google.api.HttpRule;
import com.google.protobuf.DescriptorProtos.MethodOptions;
import com.google.protobuf.DescriptorProtos.MethodOptions.IdempotencyLevel;
import com.google.protobuf.Descriptors;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.Message;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.MethodDescriptor.PrototypeMarshaller;
import io.grpc.ServiceDescriptor;
import io.grpc.protobuf.ProtoMethodDescriptorSupplier;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import vesper.options.v1.Caller;
import vesper.options.v1.Exposure;
import vesper.options.v1.OptionsProto;

/// An rpc that the edge offers, with what every call of it needs.
///
/// @param method the rpc as grpc knows it
/// @param request an empty request
/// @param reply an empty reply
/// @param rule how HTTP reaches it
/// @param manners what its options say of its calls
public record Rpc(
    MethodDescriptor<Message, Message> method,
    Message request,
    Message reply,
    HttpRule rule,
    Manners manners) {
  /// What the options of an rpc say of its calls, looked up once.
  ///
  /// @param deadline time that a call without a deadline gets; of a stream, the longest silence
  /// @param anonymous whether it may be called without a token
  /// @param reads whether it has no effect
  /// @param largeBody whether its requests may be large
  public record Manners(Duration deadline, boolean anonymous, boolean reads, boolean largeBody) {
    static Manners of(MethodOptions options) {
      com.google.protobuf.Duration deadline = options.getExtension(OptionsProto.deadline);
      return new Manners(
          Duration.ofSeconds(deadline.getSeconds(), deadline.getNanos()),
          options.getExtension(OptionsProto.access).getWhoList().contains(Caller.CALLER_ANYONE),
          options.getIdempotencyLevel() == IdempotencyLevel.NO_SIDE_EFFECTS,
          options.getExtension(OptionsProto.largeBody));
    }
  }

  /// Reads the public rpcs of services.
  ///
  /// @throws IllegalArgumentException when an rpc cannot be offered as it is declared
  public static List<Rpc> offered(List<ServiceDescriptor> services) {
    List<Rpc> rpcs = new ArrayList<>();
    for (ServiceDescriptor service : services) {
      for (MethodDescriptor<?, ?> method : service.getMethods()) {
        Descriptors.MethodDescriptor contract = contract(method);
        if (contract.getOptions().getExtension(OptionsProto.exposure) == Exposure.EXPOSURE_PUBLIC) {
          rpcs.add(of(method, contract));
        }
      }
    }
    return List.copyOf(rpcs);
  }

  private static Descriptors.MethodDescriptor contract(MethodDescriptor<?, ?> method) {
    if (method.getSchemaDescriptor() instanceof ProtoMethodDescriptorSupplier supplier) {
      return supplier.getMethodDescriptor();
    }
    throw new IllegalArgumentException(method.getFullMethodName() + " has no proto descriptor");
  }

  // The marshallers of generated code make Messages and nothing else.
  @SuppressWarnings("unchecked")
  private static Rpc of(MethodDescriptor<?, ?> method, Descriptors.MethodDescriptor contract) {
    if (!method.getType().clientSendsOneMessage()) {
      throw new IllegalArgumentException(
          method.getFullMethodName() + " is public and streams requests, which HTTP cannot");
    }
    if (!contract.getOptions().hasExtension(AnnotationsProto.http)) {
      throw new IllegalArgumentException(
          method.getFullMethodName() + " is public and has no google.api.http");
    }
    if (method.getType() == MethodType.SERVER_STREAMING
        && contract.getOutputType().equals(HttpBody.getDescriptor())) {
      throw new IllegalArgumentException(
          method.getFullMethodName() + " streams google.api.HttpBody, which is not offered");
    }
    return new Rpc(
        (MethodDescriptor<Message, Message>) method,
        prototype(method.getRequestMarshaller()),
        prototype(method.getResponseMarshaller()),
        contract.getOptions().getExtension(AnnotationsProto.http),
        Manners.of(contract.getOptions()));
  }

  private static Message prototype(MethodDescriptor.Marshaller<?> marshaller) {
    if (marshaller instanceof PrototypeMarshaller<?> known
        && known.getMessagePrototype() instanceof Message prototype) {
      return prototype;
    }
    throw new IllegalArgumentException("no protobuf marshaller: " + marshaller);
  }

  /// Time that a call without a deadline gets; of a stream, the longest silence.
  public Duration deadline() {
    return manners.deadline();
  }

  /// Whether it may be called without a token.
  public boolean anonymous() {
    return manners.anonymous();
  }

  /// Whether its requests may be large.
  public boolean largeBody() {
    return manners.largeBody();
  }

  /// Whether it has no effect.
  public boolean reads() {
    return manners.reads();
  }

  /// Whether it answers with a stream.
  public boolean streams() {
    return method.getType() == MethodType.SERVER_STREAMING;
  }

  /// Full name of its service.
  public String service() {
    return String.valueOf(method.getServiceName());
  }

  /// The rpc as its contract declares it.
  public Descriptors.MethodDescriptor contract() {
    return contract(method);
  }

  /// The file that declares it.
  public FileDescriptor file() {
    return contract().getFile();
  }

  /// Name as in `vesper.time.v1.Time/GetTime`.
  public String name() {
    return method.getFullMethodName();
  }
}
