package vesper.launcher;

import com.google.protobuf.Descriptors.FileDescriptor;
import io.grpc.ServiceDescriptor;
import io.grpc.protobuf.ProtoFileDescriptorSupplier;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import vesper.ai.AiModule;
import vesper.ai.v1.AiGrpc;
import vesper.airouter.AiRouterModule;
import vesper.airouter.v1.AiRouterGrpc;
import vesper.auth.AuthModule;
import vesper.auth.v1.AuthGrpc;
import vesper.kb.KnowledgeModule;
import vesper.kb.v1.KnowledgeGrpc;
import vesper.npc.NpcModule;
import vesper.npc.v1.NpcsGrpc;
import vesper.runtime.ServiceModule;
import vesper.runtime.Suggestions;
import vesper.time.TimeModule;
import vesper.time.v1.TimeGrpc;
import vesper.world.WorldModule;
import vesper.world.v1.WorldsGrpc;
import vesper.worldpack.WorldPack;

/// Every service there is: the one list that a new service is added to.
final class Catalogue {
  /// The id of the edge, which is no service of its own.
  static final String GATEWAY = "gateway";

  /// The ids of all services, in the order they are shown.
  static final List<String> IDS =
      List.of(
          "auth",
          "time-manager",
          "world-state",
          "knowledge-base",
          "npc-behavior",
          "ai-integration",
          "ai-router");

  /// The contracts of all services.
  static final List<ServiceDescriptor> CONTRACTS =
      List.of(
          AuthGrpc.getServiceDescriptor(),
          TimeGrpc.getServiceDescriptor(),
          WorldsGrpc.getServiceDescriptor(),
          KnowledgeGrpc.getServiceDescriptor(),
          NpcsGrpc.getServiceDescriptor(),
          AiGrpc.getServiceDescriptor(),
          AiRouterGrpc.getServiceDescriptor());

  /// Returns the files in which the contracts stand, with the events that belong to them.
  static List<FileDescriptor> files() {
    return CONTRACTS.stream()
        .map(ServiceDescriptor::getSchemaDescriptor)
        .map(schema ->
            ((ProtoFileDescriptorSupplier) Objects.requireNonNull(schema)).getFileDescriptor())
        .toList();
  }

  /// Returns the services of these ids for a world.
  static List<ServiceModule> modules(WorldPack world, Set<String> ids) {
    List<WorldPack> worlds = List.of(world);
    return Stream.of(
            new AuthModule(),
            new TimeModule(worlds),
            new WorldModule(worlds),
            new KnowledgeModule(worlds),
            new NpcModule(worlds),
            new AiModule(),
            new AiRouterModule())
        .filter(module -> ids.contains(module.id()))
        .toList();
  }

  /// Returns the ids, checked: a misspelt one is answered with the nearest.
  ///
  /// @param known what may be named
  static Set<String> requireKnown(Collection<String> ids, Collection<String> known) {
    for (String id : ids) {
      if (!known.contains(id)) {
        throw new CommandFailure(
            "there is no service '%s'%s%nThere are: %s"
                .formatted(id, Suggestions.didYouMean(id, known), String.join(", ", known)),
            CommandFailure.USAGE);
      }
    }
    return new LinkedHashSet<>(ids);
  }

  private Catalogue() {}
}
