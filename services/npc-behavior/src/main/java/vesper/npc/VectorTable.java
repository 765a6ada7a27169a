package vesper.npc;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/// The vectors of memories, in PostgreSQL.
final class VectorTable {

  private VectorTable() {}

  /// A memory without a vector.
  record Bare(String id, String text) {}

  /// Returns the vectors that a model made of what a person remembers of some players, by id of the
  /// memory.
  static Map<String, Vector> of(
      Handle handle, String world, String npc, Collection<String> players, String model) {
    Map<String, Vector> vectors = new HashMap<>();
    handle
        .createQuery(
            """
            select memory_id, vector from npc.memory
            where world_id = :world and npc_id = :npc and player_id = any(:players)
              and superseded_by is null and vector_model = :model\
            """)
        .bind("world", world)
        .bind("npc", npc)
        .bindArray("players", String.class, players)
        .bind("model", model)
        .map((row, _) ->
            vectors.put(row.getString("memory_id"), Vector.read(model, row.getBytes("vector"))))
        .list();
    return vectors;
  }

  /// Returns memories that have no vector yet, of no person in particular.
  static List<Bare> bare(Handle handle, int most) {
    return handle
        .createQuery(
            "select memory_id, text from npc.memory where vector is null order by memory_id"
                + " limit :most")
        .bind("most", most)
        .map((row, _) -> new Bare(row.getString("memory_id"), row.getString("text")))
        .list();
  }

  /// Gives memories their vectors, in the same order.
  static void put(Handle handle, List<Bare> memories, List<Vector> vectors) {
    var update =
        handle.prepareBatch(
            """
            update npc.memory set vector = :vector, vector_model = :model
            where memory_id = :id and vector is null\
            """);
    for (int i = 0; i < memories.size(); i++) {
      update
          .bind("vector", vectors.get(i).bytes())
          .bind("model", vectors.get(i).model())
          .bind("id", UUID.fromString(memories.get(i).id()))
          .add();
    }
    update.execute();
  }

  /// Takes back the vectors that other models made.
  static void forgetOther(Handle handle, String model) {
    handle
        .createUpdate(
            """
            update npc.memory set vector = null, vector_model = null
            where vector is not null and vector_model <> :model\
            """)
        .bind("model", model)
        .execute();
  }
}
