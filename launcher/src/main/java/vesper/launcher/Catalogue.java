package vesper.launcher;

import com.google.protobuf.Descriptors.FileDescriptor;
import java.util.List;
import vesper.auth.AuthModule;
import vesper.auth.v1.AuthProto;
import vesper.npc.NpcModule;
import vesper.npc.v1.NpcProto;
import vesper.runtime.ServiceModule;
import vesper.time.TimeModule;
import vesper.time.v1.TimeProto;
import vesper.worldpack.WorldPack;

/// Every service there is: the one list that a new service is added to.
final class Catalogue {
  /// The ids of all services, in the order they are shown.
  static final List<String> IDS = List.of("auth", "time-manager", "npc-behavior");

  /// The contracts of all services.
  static final List<FileDescriptor> CONTRACTS =
      List.of(AuthProto.getDescriptor(), TimeProto.getDescriptor(), NpcProto.getDescriptor());

  /// Returns all services for a world.
  static List<ServiceModule> modules(WorldPack world) {
    return List.of(
        new AuthModule(), new TimeModule(List.of(world)), new NpcModule(List.of(world)));
  }

  private Catalogue() {}
}
