package vesper.protocol;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.Descriptors.MethodDescriptor;
import java.util.List;
import java.util.stream.Stream;
import vesper.auth.v1.AuthProto;
import vesper.events.v1.StreamsProto;
import vesper.npc.v1.NpcProto;
import vesper.options.v1.OptionsProto;
import vesper.time.v1.TimeProto;

/// The contracts under test.
final class Contracts {
  static final List<FileDescriptor> FILES =
      List.of(
          AuthProto.getDescriptor(),
          TimeProto.getDescriptor(),
          NpcProto.getDescriptor(),
          StreamsProto.getDescriptor());

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
