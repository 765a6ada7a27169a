package vesper.world;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import vesper.runtime.Refusal;
import vesper.world.v1.ApplyChangesRequest;
import vesper.world.v1.ApplyChangesResponse;
import vesper.world.v1.Change;
import vesper.world.v1.EntityUpdate;
import vesper.world.v1.FlagChange;

/// Lists of changes between their messages and the domain.
final class ChangeMessages {
  /// Reads changes, of which no two are about the same entity or flag.
  static List<Proposal> proposals(ApplyChangesRequest request, GameWorld world) {
    List<Proposal> proposals = new ArrayList<>();
    Set<String> subjects = new HashSet<>();
    for (int i = 0; i < request.getChangesCount(); i++) {
      String path = "changes[" + i + "]";
      Proposal proposal = proposal(request.getChanges(i), path, world);
      String kind = proposal.edit() instanceof Edit.SetFlag ? "flag" : "entity";
      if (!subjects.add(kind + " " + proposal.edit().subject())) {
        throw Refusal.invalid(
            path, "is a second change of the " + kind + " '" + proposal.edit().subject() + "'");
      }
      proposals.add(proposal);
    }
    return proposals;
  }

  static ApplyChangesResponse response(Chronicle.Done done) {
    ApplyChangesResponse.Builder response = ApplyChangesResponse.newBuilder().setSeq(done.seq());
    done.outcomes().forEach(outcome -> response.addVersions(version(outcome)));
    return response.build();
  }

  private static Proposal proposal(Change change, String path, GameWorld world) {
    return switch (change.getChangeCase()) {
      case CREATE -> {
        String at = path + ".create.";
        Thing thing = EntityMessages.created(change.getCreate(), at, world);
        yield new Proposal(new Edit.Create(thing), at);
      }
      case UPDATE -> {
        String at = path + ".update.";
        EntityUpdate update = change.getUpdate();
        String id = update.getEntityId();
        Patch patch =
            EntityMessages.patch(update.getEntity(), update.getUpdateMask(), id, at, world);
        yield new Proposal(new Edit.Change(id, patch, update.getEtag()), at);
      }
      case DELETE ->
          new Proposal(
              new Edit.Remove(change.getDelete().getEntityId(), change.getDelete().getEtag()),
              path + ".delete.");
      case FLAG -> {
        FlagChange flag = change.getFlag();
        Reading reading =
            FlagMessages.reading(flag.hasValue(), flag.getValue(), path + ".flag.value");
        yield new Proposal(
            new Edit.SetFlag(flag.getFlagId(), reading, flag.getEtag()), path + ".flag.");
      }
      case CHANGE_NOT_SET -> throw Refusal.invalid(path, "one of its fields must be set");
    };
  }

  private static long version(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Created(var after) -> after.version();
      case Outcome.Changed(_, var after, _) -> after.version();
      case Outcome.Removed(var before, _) -> before.version();
      case Outcome.Flagged(_, var after) -> after.version();
      case Outcome.SameThing(var thing) -> thing.version();
      case Outcome.SameFlag(var flag) -> flag.version();
      case Outcome.Refused refused ->
          throw new IllegalStateException("a refused change was made: " + refused);
    };
  }

  private ChangeMessages() {}
}
