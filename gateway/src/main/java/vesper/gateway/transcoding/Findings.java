package vesper.gateway.transcoding;

import com.google.rpc.BadRequest.FieldViolation;
import java.util.ArrayList;
import java.util.List;
import vesper.runtime.Refusal;

/// Everything that is wrong with a request, up to a bound, to be told at once.
final class Findings {
  private static final int MOST = 16;
  private static final int LONGEST_FIELD = 256;

  private final List<FieldViolation> violations = new ArrayList<>();

  /// Adds a complaint about a field.
  ///
  /// @param field path in JSON names, as in `rate.numerator` or `roles[2]`
  void add(String field, String complaint) {
    if (violations.size() < MOST) {
      String shown =
          field.length() > LONGEST_FIELD ? field.substring(0, LONGEST_FIELD) + "…" : field;
      violations.add(FieldViolation.newBuilder().setField(shown).setDescription(complaint).build());
    }
  }

  boolean isEmpty() {
    return violations.isEmpty();
  }

  /// Refuses the request with INVALID_ARGUMENT when there was any complaint.
  void check() {
    if (!violations.isEmpty()) {
      throw Refusal.invalid(violations);
    }
  }
}
