package vesper.launcher;

import com.google.protobuf.ByteString;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.Descriptors.DescriptorValidationException;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.Descriptors.MethodDescriptor;
import com.google.protobuf.Descriptors.ServiceDescriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import io.grpc.Channel;
import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import io.grpc.reflection.v1.ServerReflectionRequest;
import io.grpc.reflection.v1.ServerReflectionResponse;
import io.grpc.reflection.v1.ServiceResponse;
import io.grpc.stub.BlockingClientCall;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Learns a server's contracts from its gRPC reflection service.
final class Reflection {
  private static final Duration WITHIN = Duration.ofSeconds(10);

  private final ServerReflectionGrpc.ServerReflectionBlockingV2Stub stub;
  private final Map<String, FileDescriptorProto> protos = new HashMap<>();
  private final Map<String, FileDescriptor> files = new HashMap<>();

  Reflection(Channel channel) {
    stub = ServerReflectionGrpc.newBlockingV2Stub(channel).withDeadlineAfter(WITHIN);
  }

  /// Returns the full names of all services.
  List<String> services() throws StatusException, InterruptedException {
    ServerReflectionResponse response =
        ask(ServerReflectionRequest.newBuilder().setListServices("*").build());
    return response.getListServicesResponse().getServiceList().stream()
        .map(ServiceResponse::getName)
        .sorted()
        .toList();
  }

  /// Returns the methods of a service.
  List<MethodDescriptor> methods(String service) throws StatusException, InterruptedException {
    ServerReflectionResponse response =
        ask(ServerReflectionRequest.newBuilder().setFileContainingSymbol(service).build());
    remember(response);
    for (ByteString bytes : response.getFileDescriptorResponse().getFileDescriptorProtoList()) {
      FileDescriptor file = file(parse(bytes).getName());
      for (ServiceDescriptor found : file.getServices()) {
        if (found.getFullName().equals(service)) {
          return new ArrayList<>(found.getMethods());
        }
      }
    }
    return List.of();
  }

  private FileDescriptor file(String name) throws StatusException, InterruptedException {
    FileDescriptor known = files.get(name);
    if (known != null) {
      return known;
    }
    FileDescriptorProto proto = protos.get(name);
    if (proto == null) {
      remember(ask(ServerReflectionRequest.newBuilder().setFileByFilename(name).build()));
      proto = protos.get(name);
    }
    if (proto == null) {
      throw new CommandFailure("the server does not know its own file " + name);
    }
    List<FileDescriptor> imports = new ArrayList<>();
    for (String dependency : proto.getDependencyList()) {
      imports.add(file(dependency));
    }
    try {
      FileDescriptor built =
          FileDescriptor.buildFrom(proto, imports.toArray(FileDescriptor[]::new), true);
      files.put(name, built);
      return built;
    } catch (DescriptorValidationException invalid) {
      throw new CommandFailure(
          "the server's file %s is not valid: %s".formatted(name, invalid.getMessage()));
    }
  }

  private void remember(ServerReflectionResponse response) {
    for (ByteString bytes : response.getFileDescriptorResponse().getFileDescriptorProtoList()) {
      FileDescriptorProto proto = parse(bytes);
      protos.put(proto.getName(), proto);
    }
  }

  private static FileDescriptorProto parse(ByteString bytes) {
    try {
      return FileDescriptorProto.parseFrom(bytes);
    } catch (InvalidProtocolBufferException invalid) {
      throw new CommandFailure(
          "the server's reflection answer cannot be read: " + invalid.getMessage());
    }
  }

  private ServerReflectionResponse ask(ServerReflectionRequest request)
      throws StatusException, InterruptedException {
    BlockingClientCall<ServerReflectionRequest, ServerReflectionResponse> call =
        stub.serverReflectionInfo();
    if (!call.write(request)) {
      throw Status.UNAVAILABLE
          .withDescription("the gateway ended the reflection call")
          .asException();
    }
    call.halfClose();
    ServerReflectionResponse response = call.read();
    if (response == null) {
      throw Status.UNAVAILABLE
          .withDescription("the gateway gave no reflection answer")
          .asException();
    }
    return response;
  }
}
