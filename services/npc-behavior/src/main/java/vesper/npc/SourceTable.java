package vesper.npc;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import vesper.memory.Recall.Recalled;
import vesper.memory.Score;
import vesper.npc.Memories.Found;
import vesper.npc.TalkTable.Stored;

/// What answers were built from, in PostgreSQL: the passages they cite and the memories they used.
final class SourceTable {

  private SourceTable() {}

  /// A value that belongs to a turn.
  private record Of<T>(int turn, T value) {}

  /// Adds what a turn's answer was built from.
  static void add(Handle handle, Stored stored, List<Recalled> recalled) {
    var id = UUID.fromString(stored.conversation());
    int turn = stored.turn().number();
    var citations = stored.turn().origin().citations();
    if (!citations.isEmpty()) {
      var insert =
          handle.prepareBatch(
              """
              insert into npc.turn_citation
                (conversation_id, turn, number, title, document_id, section_id, path)
              values (:id, :turn, :number, :title, :document, :section, :path)\
              """);
      for (var citation : citations) {
        insert
            .bind("id", id)
            .bind("turn", turn)
            .bind("number", citation.number())
            .bind("title", citation.title())
            .bind("document", citation.document())
            .bind("section", citation.section())
            .bind("path", citation.path())
            .add();
      }
      insert.execute();
    }
    if (!recalled.isEmpty()) {
      var insert =
          handle.prepareBatch(
              """
              insert into npc.turn_memory
                (conversation_id, turn, place, memory_id, recency, importance, relevance)
              values (:id, :turn, :place, :memory, :recency, :importance, :relevance)\
              """);
      for (int place = 0; place < recalled.size(); place++) {
        var score = recalled.get(place).score();
        insert
            .bind("id", id)
            .bind("turn", turn)
            .bind("place", place)
            .bind("memory", UUID.fromString(recalled.get(place).memory().id()))
            .bind("recency", score.recency())
            .bind("importance", score.importance())
            .bind("relevance", score.relevance())
            .add();
      }
      insert.execute();
    }
  }

  /// Returns the passages that the answers of a conversation cite, by number of the turn.
  static Map<Integer, List<Citation>> citations(Handle handle, String conversation) {
    return byTurn(
        handle
            .createQuery(
                """
                select turn, number, title, document_id, section_id, path from npc.turn_citation
                where conversation_id = :id order by turn, number\
                """)
            .bind("id", UUID.fromString(conversation))
            .map((row, _) -> new Of<>(row.getInt("turn"), citation(row)))
            .list());
  }

  private static Citation citation(ResultSet row) throws SQLException {
    return new Citation(
        row.getInt("number"),
        row.getString("title"),
        row.getString("document_id"),
        row.getString("section_id"),
        row.getString("path"));
  }

  /// Returns the memories that the answers of a conversation were built from, by number of the
  /// turn.
  static Map<Integer, List<Found>> memories(Handle handle, String conversation) {
    return byTurn(
        handle
            .createQuery(
                "select t.turn, t.recency, t.importance as weight, t.relevance, "
                    + MemoryTable.COLUMNS
                    + " from npc.turn_memory t join npc.memory m using (memory_id)"
                    + " where t.conversation_id = :id order by t.turn, t.place")
            .bind("id", UUID.fromString(conversation))
            .map((row, _) -> new Of<>(row.getInt("turn"), found(row)))
            .list());
  }

  private static Found found(ResultSet row) throws SQLException {
    var stored = MemoryTable.stored(row);
    return new Found(
        stored,
        new Recalled(
            stored.remembered().memory(),
            new Score(
                row.getDouble("recency"), row.getDouble("weight"), row.getDouble("relevance"))));
  }

  private static <T> Map<Integer, List<T>> byTurn(List<Of<T>> rows) {
    Map<Integer, List<T>> byTurn = new HashMap<>();
    rows.forEach(
        row -> byTurn.computeIfAbsent(row.turn(), unseen -> new ArrayList<>()).add(row.value()));
    return byTurn;
  }
}
