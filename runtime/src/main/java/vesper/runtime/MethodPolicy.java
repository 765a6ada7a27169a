package vesper.runtime;

import com.google.protobuf.DescriptorProtos.MethodOptions.IdempotencyLevel;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import io.grpc.MethodDescriptor;
import io.grpc.protobuf.ProtoMethodDescriptorSupplier;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import vesper.options.v1.Access;
import vesper.options.v1.Caller;
import vesper.options.v1.IdempotencyKey;
import vesper.options.v1.OptionsProto;

/// What a contract says about one rpc, read once.
///
/// @param name full method name
/// @param domain of the service
/// @param who may call
/// @param owner field of the request that names the player whose data the call touches
/// @param world field of the request that names the world
/// @param deadline of a unary call
/// @param key what the rpc does with an idempotency key
/// @param repeatable whether a repeat does no harm
/// @param streams whether it answers with a stream
/// @param maxInFlight calls that one process runs at the same time; empty where its settings say
record MethodPolicy(
    String name,
    String domain,
    Set<Caller> who,
    Optional<FieldPath> owner,
    Optional<FieldPath> world,
    Duration deadline,
    IdempotencyKey key,
    boolean repeatable,
    boolean streams,
    OptionalInt maxInFlight) {

  /// A field of a request, perhaps of a message in it.
  ///
  /// @param name in JSON notation
  record FieldPath(String name, List<FieldDescriptor> fields) {
    /// Returns the text of the field; empty when a message on the way is absent.
    String value(Message request) {
      Message at = request;
      for (FieldDescriptor field : fields.subList(0, fields.size() - 1)) {
        at = (Message) at.getField(field);
      }
      return (String) at.getField(fields.getLast());
    }
  }

  /// Whether a repeat is recognised by an idempotency key.
  boolean keyed() {
    return key == IdempotencyKey.IDEMPOTENCY_KEY_ACCEPTED
        || key == IdempotencyKey.IDEMPOTENCY_KEY_REQUIRED;
  }

  /// Reads the options of a method.
  ///
  /// @throws IllegalStateException when it declares no access or no deadline, which the build
  ///   refuses too
  static MethodPolicy of(MethodDescriptor<?, ?> method) {
    if (!(method.getSchemaDescriptor() instanceof ProtoMethodDescriptorSupplier supplier)) {
      throw new IllegalStateException(method.getFullMethodName() + " has no contract");
    }
    var contract = supplier.getMethodDescriptor();
    var options = contract.getOptions();
    Access access = options.getExtension(OptionsProto.access);
    if (access.getWhoCount() == 0 || !options.hasExtension(OptionsProto.deadline)) {
      throw new IllegalStateException(
          method.getFullMethodName() + " declares no access or no deadline");
    }
    com.google.protobuf.Duration deadline = options.getExtension(OptionsProto.deadline);
    return new MethodPolicy(
        method.getFullMethodName(),
        contract.getFile().getPackage().split("\\.", -1)[1],
        EnumSet.copyOf(access.getWhoList()),
        path(contract.getInputType(), access.getOwnerField()),
        path(contract.getInputType(), access.getWorldField()),
        Duration.ofSeconds(deadline.getSeconds(), deadline.getNanos()),
        options.getExtension(OptionsProto.idempotencyKey),
        options.getIdempotencyLevel() != IdempotencyLevel.IDEMPOTENCY_UNKNOWN,
        !method.getType().serverSendsOneMessage(),
        options.hasExtension(OptionsProto.maxInFlight)
            ? OptionalInt.of(options.getExtension(OptionsProto.maxInFlight))
            : OptionalInt.empty());
  }

  private static Optional<FieldPath> path(Descriptor request, String dotted) {
    if (dotted.isEmpty()) {
      return Optional.empty();
    }
    List<FieldDescriptor> fields = new ArrayList<>();
    List<String> names = new ArrayList<>();
    Descriptor at = request;
    for (String name : dotted.split("\\.", -1)) {
      FieldDescriptor field = at.findFieldByName(name);
      fields.add(field);
      names.add(field.getJsonName());
      if (field.getJavaType() == FieldDescriptor.JavaType.MESSAGE) {
        at = field.getMessageType();
      }
    }
    if (fields.getLast().getJavaType() != FieldDescriptor.JavaType.STRING) {
      throw new IllegalStateException(request.getFullName() + "." + dotted + " is not a text");
    }
    return Optional.of(new FieldPath(String.join(".", names), List.copyOf(fields)));
  }
}
