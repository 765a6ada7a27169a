package vesper.world;

import com.google.protobuf.Message;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jdbi.v3.core.Handle;
import vesper.runtime.Outbox;
import vesper.runtime.Refusal;
import vesper.world.ChangeTable.Kind;
import vesper.world.ChangeTable.Logged;
import vesper.world.ChangeTable.Origin;

/// Makes changes of worlds: all of a step or none, with their numbers in the order of the world,
/// and the events that tell of them.
///
/// A step locks what it changes by the order of the ids, and the world itself last: steps that have
/// nothing in common wait for each other only while their numbers are drawn and committed.
final class Chronicle {
  private static final Duration RETRY = Duration.ofMinutes(1);

  private final Outbox outbox;
  private final Bounds bounds;

  Chronicle(Outbox outbox, Bounds bounds) {
    this.outbox = outbox;
    this.bounds = bounds;
  }

  /// How much a world holds.
  record Bounds(int entities, int flags) {}

  /// What a step did.
  ///
  /// @param seq number of the world's last change afterwards
  /// @param outcomes in the order of the edits
  record Done(long seq, List<Outcome> outcomes) {}

  /// Makes a step, or refuses it.
  ///
  /// @param proposals no two of the same entity or flag
  /// @throws io.grpc.StatusRuntimeException as [Verdict] refuses; RESOURCE_EXHAUSTED when the world
  ///   would hold too much
  Done make(
      Handle transaction, GameWorld world, List<Proposal> proposals, String actor, Instant now) {
    List<Outcome> outcomes = decide(transaction, world, proposals, now);
    Verdict.check(proposals, outcomes);
    List<Outcome.Change> changes =
        outcomes.stream()
            .filter(Outcome.Change.class::isInstance)
            .map(Outcome.Change.class::cast)
            .toList();
    if (changes.isEmpty()) {
      return new Done(WorldTable.head(transaction, world.id()), outcomes);
    }
    write(transaction, world, changes, now);
    long seq = move(transaction, world, changes) - changes.size();
    List<Logged> log = new ArrayList<>();
    for (Outcome.Change change : changes) {
      log.add(logged(++seq, change));
    }
    ChangeTable.insert(transaction, world.id(), log, new Origin(actor, now));
    for (int i = 0; i < changes.size(); i++) {
      Message event = WorldEvents.of(world, changes.get(i), log.get(i).seq());
      outbox.publish(transaction, event, world.id());
    }
    return new Done(seq, outcomes);
  }

  private static List<Outcome> decide(
      Handle transaction, GameWorld world, List<Proposal> proposals, Instant now) {
    SortedSet<String> entities = new TreeSet<>();
    SortedSet<String> fresh = new TreeSet<>();
    SortedSet<String> flags = new TreeSet<>();
    for (Proposal proposal : proposals) {
      Edit edit = proposal.edit();
      (edit instanceof Edit.SetFlag ? flags : entities).add(edit.subject());
      if (edit instanceof Edit.Create) {
        fresh.add(edit.subject());
      }
    }
    Map<String, Thing> things =
        entities.isEmpty() ? Map.of() : EntityTable.lock(transaction, world.id(), entities, fresh);
    Map<String, FlagState> states =
        flags.isEmpty() ? Map.of() : FlagTable.lock(transaction, world.id(), flags);
    return proposals.stream()
        .map(proposal -> {
          String id = proposal.edit().subject();
          if (proposal.edit() instanceof Edit.SetFlag set) {
            return Edits.decide(set, world.findFlag(id), Objects.requireNonNull(states.get(id)));
          }
          Thing thing = things.get(id);
          return Edits.decide(proposal.edit(), thing == null ? Thing.never(id) : thing, now);
        })
        .toList();
  }

  private static void write(
      Handle transaction, GameWorld world, List<Outcome.Change> changes, Instant now) {
    List<Thing> things = new ArrayList<>();
    List<FlagState> flags = new ArrayList<>();
    for (Outcome.Change change : changes) {
      switch (change) {
        case Outcome.Created(var after) -> things.add(after);
        case Outcome.Changed(_, var after, _) -> things.add(after);
        case Outcome.Removed(_, var after) -> things.add(after);
        case Outcome.Flagged(_, var after) -> flags.add(after);
      }
    }
    EntityTable.update(transaction, world.id(), things);
    FlagTable.update(transaction, world.id(), flags, now);
  }

  /// Moves the world on, and returns the number of its last change.
  private long move(Handle transaction, GameWorld world, List<Outcome.Change> changes) {
    WorldTable.Step step =
        new WorldTable.Step(
            changes.size(),
            changes.stream().mapToInt(Chronicle::entities).sum(),
            changes.stream().mapToInt(change -> madeFlags(world, change)).sum());
    WorldTable.Standing standing = WorldTable.move(transaction, world.id(), step);
    if (step.entities() > 0 && standing.entities() > bounds.entities()) {
      throw full("a world has at most " + bounds.entities() + " entities");
    }
    if (step.madeFlags() > 0 && standing.madeFlags() + world.flags().size() > bounds.flags()) {
      throw full("a world has at most " + bounds.flags() + " flags");
    }
    return standing.head();
  }

  private static StatusRuntimeException full(String description) {
    return Refusal.exhausted(RETRY, description);
  }

  private static int entities(Outcome.Change change) {
    return switch (change) {
      case Outcome.Created _ -> 1;
      case Outcome.Removed _ -> -1;
      case Outcome.Changed _, Outcome.Flagged _ -> 0;
    };
  }

  private static int madeFlags(GameWorld world, Outcome.Change change) {
    if (!(change instanceof Outcome.Flagged(var before, var after))
        || world.findFlag(after.id()).isPresent()) {
      return 0;
    }
    return (after.reading() == null ? 0 : 1) - (before.reading() == null ? 0 : 1);
  }

  private static Logged logged(long seq, Outcome.Change change) {
    return switch (change) {
      case Outcome.Created(var after) ->
          new Logged(seq, Kind.CREATED, after.id(), Set.of(), "", after.region());
      case Outcome.Changed(var before, var after, var fields) ->
          new Logged(seq, Kind.CHANGED, after.id(), fields, before.region(), after.region());
      case Outcome.Removed(var before, _) ->
          new Logged(seq, Kind.REMOVED, before.id(), Set.of(), before.region(), "");
      case Outcome.Flagged(_, var after) ->
          new Logged(seq, Kind.FLAG, after.id(), Set.of(), "", "");
    };
  }
}
