package vesper.npc;

import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import vesper.npc.Encounter.Bond;
import vesper.npc.v1.RelationChanged;
import vesper.pack.v1.Acquaintance;
import vesper.runtime.Database;
import vesper.runtime.Outbox;

/// How people stand to others, and how that is moved.
final class Relations {

  private static final double WORTH_TELLING = 10;

  private final Database database;
  private final Outbox outbox;

  Relations(Database database, Outbox outbox) {
    this.database = database;
    this.outbox = outbox;
  }

  /// A change of feelings.
  ///
  /// @param world where
  /// @param npc who feels it
  /// @param other about whom
  /// @param baseline to which the feelings return
  /// @param by how far they move
  record Change(String world, String npc, String other, Relation baseline, Relation by) {}

  /// Returns what one feels about another without anything that happened: what the world's pack
  /// says of two people, else what the person feels about strangers.
  static Relation baseline(Part part, String other) {
    return part.npc().getRelationsList().stream()
        .filter(each -> each.getNpc().equals(other))
        .map(Relations::feelings)
        .findFirst()
        .orElseGet(part::baseline);
  }

  private static Relation feelings(Acquaintance other) {
    return new Relation(
        other.getTrust(), other.getAffection(), other.getRespect(), other.getFear());
  }

  Optional<Bond> find(String world, String npc, String other) {
    return database.read("relation.find", handle -> RelationTable.find(handle, world, npc, other));
  }

  List<RelationTable.Stored> list(String world, String npc, String after, int most) {
    return database.read(
        "relation.list", handle -> RelationTable.list(handle, world, npc, after, most));
  }

  /// Moves a relation within a transaction of somebody else, and returns it.
  Bond move(Handle handle, Change change, long gameSeconds) {
    return move(handle, outbox, change, gameSeconds);
  }

  /// Moves a relation, and tells others when the standing is another than they know.
  static Bond move(Handle handle, Outbox outbox, Change change, long gameSeconds) {
    var before = RelationTable.lock(handle, change.world(), change.npc(), change.other());
    var moved = Bond.moved(before, change.baseline(), change.by(), gameSeconds);
    double standing = moved.feelings().standing();
    boolean told = Math.abs(standing - moved.announced()) >= WORTH_TELLING;
    var kept = told ? new Bond(moved.feelings(), moved.since(), standing, moved.version()) : moved;
    RelationTable.put(handle, change.world(), change.npc(), change.other(), kept);
    if (told) {
      var event =
          RelationChanged.newBuilder()
              .setWorldId(change.world())
              .setNpcId(change.npc())
              .setOtherId(change.other())
              .setFromStanding(moved.announced())
              .setToStanding(standing)
              .build();
      outbox.publish(handle, event, change.world());
    }
    return kept;
  }
}
