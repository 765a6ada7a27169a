package vesper.gateway;

import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.ServiceDescriptorProto;
import com.google.protobuf.Descriptors;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.Descriptors.ServiceDescriptor;
import io.grpc.MethodDescriptor;
import io.grpc.ServerMethodDefinition;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.reflection.v1.ErrorResponse;
import io.grpc.reflection.v1.ExtensionNumberResponse;
import io.grpc.reflection.v1.FileDescriptorResponse;
import io.grpc.reflection.v1.ListServiceResponse;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import io.grpc.reflection.v1.ServerReflectionRequest;
import io.grpc.reflection.v1.ServerReflectionResponse;
import io.grpc.reflection.v1.ServiceResponse;
import io.grpc.stub.StreamObserver;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import vesper.options.v1.Exposure;
import vesper.options.v1.OptionsProto;

/// Tells gRPC clients the contracts of what is offered; rpcs that are not offered are left out.
final class GrpcReflection extends ServerReflectionGrpc.ServerReflectionImplBase {
  private static final String ALPHA = "grpc.reflection.v1alpha.ServerReflection";

  private final Map<String, FileDescriptor> files = new LinkedHashMap<>();
  private final Map<String, FileDescriptor> symbols = new HashMap<>();
  private final Map<String, Map<Integer, FileDescriptor>> extensions = new HashMap<>();
  private final Set<String> services;

  /// @param offered files of the services that are offered
  /// @param services their full names
  GrpcReflection(List<FileDescriptor> offered, Set<String> services) {
    this.services = new TreeSet<>(services);
    offered.forEach(this::add);
  }

  /// The same service under the name it had before it was stable; the messages are the same on the
  /// wire.
  ServerServiceDefinition alpha() {
    ServerServiceDefinition.Builder alpha = ServerServiceDefinition.builder(ALPHA);
    for (ServerMethodDefinition<?, ?> method : bindService().getMethods()) {
      alpha.addMethod(renamed(method));
    }
    return alpha.build();
  }

  private static <Q, A> ServerMethodDefinition<Q, A> renamed(ServerMethodDefinition<Q, A> method) {
    MethodDescriptor<Q, A> descriptor = method.getMethodDescriptor();
    String name =
        MethodDescriptor.generateFullMethodName(
            ALPHA, String.valueOf(descriptor.getBareMethodName()));
    return ServerMethodDefinition.create(
        descriptor.toBuilder().setFullMethodName(name).build(), method.getServerCallHandler());
  }

  private void add(FileDescriptor file) {
    if (files.putIfAbsent(file.getName(), file) != null) {
      return;
    }
    file.getDependencies().forEach(this::add);
    for (ServiceDescriptor service : file.getServices()) {
      if (services.contains(service.getFullName())) {
        symbols.put(service.getFullName(), file);
        service.getMethods().stream()
            .filter(GrpcReflection::isOffered)
            .forEach(method -> symbols.put(method.getFullName(), file));
      }
    }
    file.getMessageTypes().forEach(this::add);
    file.getEnumTypes().forEach(type -> symbols.put(type.getFullName(), file));
    file.getExtensions().forEach(this::add);
  }

  private void add(Descriptor message) {
    symbols.put(message.getFullName(), message.getFile());
    message.getEnumTypes().forEach(type -> symbols.put(type.getFullName(), message.getFile()));
    message.getNestedTypes().forEach(this::add);
    message.getExtensions().forEach(this::add);
  }

  private void add(FieldDescriptor extension) {
    symbols.put(extension.getFullName(), extension.getFile());
    extensions
        .computeIfAbsent(extension.getContainingType().getFullName(), type -> new TreeMap<>())
        .put(extension.getNumber(), extension.getFile());
  }

  // Files of libraries declare no exposure and are offered whole.
  private static boolean isOffered(Descriptors.MethodDescriptor method) {
    return !method.getOptions().hasExtension(OptionsProto.exposure)
        || method.getOptions().getExtension(OptionsProto.exposure) == Exposure.EXPOSURE_PUBLIC;
  }

  @Override
  public StreamObserver<ServerReflectionRequest> serverReflectionInfo(
      StreamObserver<ServerReflectionResponse> answers) {
    return new StreamObserver<>() {
      @Override
      public void onNext(ServerReflectionRequest request) {
        answers.onNext(answer(request));
      }

      @Override
      public void onError(Throwable cause) {
        // The client left; there is nothing to end.
      }

      @Override
      public void onCompleted() {
        answers.onCompleted();
      }
    };
  }

  private ServerReflectionResponse answer(ServerReflectionRequest request) {
    ServerReflectionResponse.Builder answer =
        ServerReflectionResponse.newBuilder()
            .setValidHost(request.getHost())
            .setOriginalRequest(request);
    switch (request.getMessageRequestCase()) {
      case LIST_SERVICES -> {
        ListServiceResponse.Builder list = ListServiceResponse.newBuilder();
        services.forEach(name -> list.addService(ServiceResponse.newBuilder().setName(name)));
        answer.setListServicesResponse(list);
      }
      case FILE_BY_FILENAME -> files(answer, files.get(request.getFileByFilename()));
      case FILE_CONTAINING_SYMBOL -> files(answer, symbols.get(request.getFileContainingSymbol()));
      case FILE_CONTAINING_EXTENSION -> {
        var wanted = request.getFileContainingExtension();
        files(
            answer,
            extensions
                .getOrDefault(wanted.getContainingType(), Map.of())
                .get(wanted.getExtensionNumber()));
      }
      case ALL_EXTENSION_NUMBERS_OF_TYPE -> {
        String type = request.getAllExtensionNumbersOfType();
        if (symbols.containsKey(type)) {
          answer.setAllExtensionNumbersResponse(
              ExtensionNumberResponse.newBuilder()
                  .setBaseTypeName(type)
                  .addAllExtensionNumber(extensions.getOrDefault(type, Map.of()).keySet()));
        } else {
          refuse(answer, Status.Code.NOT_FOUND);
        }
      }
      case MESSAGEREQUEST_NOT_SET -> refuse(answer, Status.Code.UNIMPLEMENTED);
    }
    return answer.build();
  }

  private void files(ServerReflectionResponse.Builder answer, @Nullable FileDescriptor wanted) {
    if (wanted == null) {
      refuse(answer, Status.Code.NOT_FOUND);
      return;
    }
    Map<String, FileDescriptor> needed = new LinkedHashMap<>();
    collect(wanted, needed);
    FileDescriptorResponse.Builder found = FileDescriptorResponse.newBuilder();
    needed.values().forEach(file -> found.addFileDescriptorProto(offered(file).toByteString()));
    answer.setFileDescriptorResponse(found);
  }

  private static void collect(FileDescriptor file, Map<String, FileDescriptor> into) {
    if (into.putIfAbsent(file.getName(), file) == null) {
      file.getDependencies().forEach(dependency -> collect(dependency, into));
    }
  }

  private FileDescriptorProto offered(FileDescriptor file) {
    FileDescriptorProto.Builder proto = file.toProto().toBuilder().clearService();
    for (ServiceDescriptor service : file.getServices()) {
      if (services.contains(service.getFullName())) {
        ServiceDescriptorProto.Builder kept = service.toProto().toBuilder().clearMethod();
        service.getMethods().stream()
            .filter(GrpcReflection::isOffered)
            .forEach(method -> kept.addMethod(method.toProto()));
        proto.addService(kept);
      }
    }
    return proto.build();
  }

  private static void refuse(ServerReflectionResponse.Builder answer, Status.Code code) {
    answer.setErrorResponse(
        ErrorResponse.newBuilder().setErrorCode(code.value()).setErrorMessage(code.name()));
  }
}
