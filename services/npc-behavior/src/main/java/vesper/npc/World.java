package vesper.npc;

import io.grpc.Channel;
import java.time.Duration;
import java.time.InstantSource;
import vesper.runtime.Refusal;
import vesper.time.v1.TimeGrpc;
import vesper.worldpack.WorldPack;

/// A world whose people this service runs, named as its pack.
///
/// @param id of the world
/// @param script its people
/// @param time tells its time
/// @param state tells how it is
/// @param sayings what people say of that
record World(String id, Script script, TimeReader time, StateReader state, Sayings sayings) {

  /// @param patience longest wait for how the world is
  static World of(WorldPack pack, Channel channel, InstantSource clock, Duration patience) {
    var script = Script.of(pack);
    var time = new TimeReader(pack.name(), script, TimeGrpc.newBlockingStub(channel), clock);
    var state = new StateReader(pack.name(), channel, patience);
    return new World(pack.name(), script, time, state, Sayings.of(pack));
  }

  /// Returns a person of the world.
  ///
  /// @throws io.grpc.StatusRuntimeException NOT_FOUND with the nearest id
  Part part(String npc) {
    return script
        .find(npc)
        .orElseThrow(() -> Refusal.unknown("npcId", "NPC", npc, script.parts().keySet()));
  }
}
