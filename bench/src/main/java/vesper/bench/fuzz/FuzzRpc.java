package vesper.bench.fuzz;

import com.google.api.AnnotationsProto;
import com.google.api.HttpRule;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import com.google.protobuf.Descriptors.DescriptorValidationException;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.Descriptors.MethodDescriptor;
import com.google.protobuf.ExtensionRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import vesper.options.v1.OptionsProto;

/// An rpc to be attacked, as its contract describes it.
///
/// @param contract the descriptor
/// @param verb of HTTP, or empty for an rpc between services
/// @param path the template, as in `/v1/worlds/{world_id}`
/// @param body the request field that the HTTP body carries: `*`, a name, or empty
record FuzzRpc(MethodDescriptor contract, String verb, String path, String body) {
  /// Reads all contracts of the class path.
  static List<FuzzRpc> all() {
    ExtensionRegistry options = ExtensionRegistry.newInstance();
    OptionsProto.registerAllExtensions(options);
    AnnotationsProto.registerAllExtensions(options);
    try (InputStream set =
        Objects.requireNonNull(FuzzRpc.class.getResourceAsStream("/vesper/protocol.binpb"))) {
      Map<String, FileDescriptor> files = new HashMap<>();
      // A set lists each file after those that it imports.
      for (FileDescriptorProto file : FileDescriptorSet.parseFrom(set, options).getFileList()) {
        FileDescriptor[] imports =
            file.getDependencyList().stream().map(files::get).toArray(FileDescriptor[]::new);
        files.put(file.getName(), FileDescriptor.buildFrom(file, imports));
      }
      return files.values().stream()
          .filter(file -> file.getName().startsWith("vesper/"))
          .flatMap(file -> file.getServices().stream())
          .flatMap(service -> service.getMethods().stream())
          .map(FuzzRpc::of)
          .sorted((one, other) -> one.name().compareTo(other.name()))
          .toList();
    } catch (IOException | DescriptorValidationException e) {
      throw new IllegalStateException("the contracts on the class path cannot be read", e);
    }
  }

  private static FuzzRpc of(MethodDescriptor contract) {
    HttpRule rule = contract.getOptions().getExtension(AnnotationsProto.http);
    return switch (rule.getPatternCase()) {
      case GET -> new FuzzRpc(contract, "GET", rule.getGet(), "");
      case POST -> new FuzzRpc(contract, "POST", rule.getPost(), rule.getBody());
      case PUT -> new FuzzRpc(contract, "PUT", rule.getPut(), rule.getBody());
      case PATCH -> new FuzzRpc(contract, "PATCH", rule.getPatch(), rule.getBody());
      case DELETE -> new FuzzRpc(contract, "DELETE", rule.getDelete(), rule.getBody());
      case CUSTOM, PATTERN_NOT_SET -> new FuzzRpc(contract, "", "", "");
    };
  }

  /// Name as in `vesper.time.v1.Time/GetTime`.
  String name() {
    return contract.getService().getFullName() + "/" + contract.getName();
  }

  /// The NATS subject of its requests.
  String subject() {
    return "svc." + domain() + ".v1." + contract.getName();
  }

  String domain() {
    return contract.getFile().getPackage().split("\\.", -1)[1];
  }

  boolean overHttp() {
    return !verb.isEmpty();
  }

  boolean streams() {
    return contract.isServerStreaming();
  }
}
