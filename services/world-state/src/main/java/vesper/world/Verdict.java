package vesper.world;

import com.google.protobuf.Any;
import com.google.rpc.BadRequest;
import com.google.rpc.BadRequest.FieldViolation;
import com.google.rpc.Code;
import com.google.rpc.ErrorInfo;
import com.google.rpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.util.List;
import java.util.stream.IntStream;
import vesper.runtime.Refusal;

/// Refuses a step of which an edit cannot be made.
final class Verdict {
  /// What the details of a refusal may come to: they travel as metadata, which is bounded.
  private static final int DETAILS = 12 << 10;

  /// Refuses the step, if one of its edits cannot be made. Stale edits come first, all of them.
  ///
  /// @param proposals one, or those of a list of changes
  static void check(List<Proposal> proposals, List<Outcome> outcomes) {
    List<Integer> stale =
        IntStream.range(0, outcomes.size())
            .filter(i -> outcomes.get(i) instanceof Outcome.Stale)
            .boxed()
            .toList();
    boolean alone = proposals.size() == 1 && !proposals.getFirst().path().startsWith("changes");
    if (!stale.isEmpty() && !alone) {
      throw stale(stale, proposals, outcomes);
    }
    for (int i = 0; i < outcomes.size(); i++) {
      if (outcomes.get(i) instanceof Outcome.Refused refused) {
        throw refusal(proposals.get(i), refused);
      }
    }
  }

  private static StatusRuntimeException refusal(Proposal proposal, Outcome.Refused refused) {
    String id = proposal.edit().subject();
    boolean flag = proposal.edit() instanceof Edit.SetFlag;
    String idField = proposal.path() + (flag ? "flagId" : "entityId");
    return switch (refused) {
      case Outcome.Stale(var current) -> Refusal.stale(current);
      case Outcome.Taken() -> Refusal.exists(idField, "there is an entity '" + id + "'");
      case Outcome.Missing() ->
          Refusal.notFound(idField, "no " + (flag ? "flag" : "entity") + " '" + id + "'");
      case Outcome.Excessive(var field, var description) ->
          Refusal.invalid(entityPath(proposal) + FieldPaths.json(field), description);
      case Outcome.OtherKind(var expected) ->
          Refusal.invalid(proposal.path() + "value", "the flag is " + expected.kind());
    };
  }

  private static String entityPath(Proposal proposal) {
    return proposal.edit() instanceof Edit.Create ? proposal.path() : proposal.path() + "entity.";
  }

  private static StatusRuntimeException stale(
      List<Integer> stale, List<Proposal> proposals, List<Outcome> outcomes) {
    BadRequest.Builder details = BadRequest.newBuilder();
    int left = DETAILS;
    for (int i : stale) {
      Outcome.Stale outcome = (Outcome.Stale) outcomes.get(i);
      FieldViolation violation =
          FieldViolation.newBuilder()
              .setField("changes[" + i + "]")
              .setDescription(
                  proposals.get(i).edit().subject() + ": current is " + outcome.current())
              .build();
      left -= violation.getSerializedSize() + 3;
      if (left >= 0) {
        details.addFieldViolations(violation);
      }
    }
    ErrorInfo info =
        ErrorInfo.newBuilder()
            .setReason("STALE_VERSION")
            .setDomain(Refusal.DOMAIN)
            .putMetadata("stale", Integer.toString(stale.size()))
            .build();
    return StatusProto.toStatusRuntimeException(
        Status.newBuilder()
            .setCode(Code.ABORTED.getNumber())
            .setMessage(stale.size() + " of the changes are about a stale version; none was made")
            .addDetails(Any.pack(info))
            .addDetails(Any.pack(details.build()))
            .build());
  }

  private Verdict() {}
}
