package vesper.runtime;

import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import com.google.protobuf.ExtensionRegistryLite;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/// All contracts of this build, also those of services that do not run here.
final class Contracts {
  private static final String RESOURCE = "/vesper/protocol.binpb";

  private Contracts() {}

  /// Returns the names of all rpcs, as in `vesper.auth.v1.Auth/Login`. Reads and parses a resource
  /// at each call.
  static Set<String> rpcs() {
    try (InputStream in =
        Objects.requireNonNull(Contracts.class.getResourceAsStream(RESOURCE), RESOURCE)) {
      return FileDescriptorSet.parseFrom(in, ExtensionRegistryLite.getEmptyRegistry())
          .getFileList()
          .stream()
          .flatMap(file ->
              file.getServiceList().stream()
                  .flatMap(service ->
                      service.getMethodList().stream()
                          .map(rpc ->
                              file.getPackage() + "." + service.getName() + "/" + rpc.getName())))
          .collect(Collectors.toUnmodifiableSet());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
