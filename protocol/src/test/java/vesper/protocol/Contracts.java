package vesper.protocol;

import com.google.api.AnnotationsProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import com.google.protobuf.Descriptors.Descriptor;
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
import java.util.stream.Stream;
import vesper.options.v1.OptionsProto;

/// The contracts under test: all of them, as the build describes them.
final class Contracts {
  static final List<FileDescriptor> FILES = read();

  private static List<FileDescriptor> read() {
    ExtensionRegistry options = ExtensionRegistry.newInstance();
    OptionsProto.registerAllExtensions(options);
    AnnotationsProto.registerAllExtensions(options);
    try (InputStream set =
        Objects.requireNonNull(Contracts.class.getResourceAsStream("/vesper/protocol.binpb"))) {
      Map<String, FileDescriptor> files = new HashMap<>();
      // A set lists each file after those that it imports.
      for (FileDescriptorProto file : FileDescriptorSet.parseFrom(set, options).getFileList()) {
        FileDescriptor[] imports =
            file.getDependencyList().stream().map(files::get).toArray(FileDescriptor[]::new);
        files.put(file.getName(), FileDescriptor.buildFrom(file, imports));
      }
      return files.values().stream()
          .filter(file -> file.getName().startsWith("vesper/"))
          .sorted((one, other) -> one.getName().compareTo(other.getName()))
          .toList();
    } catch (IOException | DescriptorValidationException e) {
      throw new IllegalStateException(e);
    }
  }

  static Stream<MethodDescriptor> methods() {
    return FILES.stream()
        .flatMap(file -> file.getServices().stream())
        .flatMap(service -> service.getMethods().stream());
  }

  static Stream<Descriptor> events() {
    return FILES.stream()
        .flatMap(file -> file.getMessageTypes().stream())
        .filter(message -> message.getOptions().hasExtension(OptionsProto.event));
  }

  private Contracts() {}
}
