package vesper.launcher;

import java.time.Duration;
import java.util.Set;
import vesper.options.v1.Caller;
import vesper.runtime.InstallationKeys;
import vesper.runtime.Principal;

/// The person at this machine's terminal: whoever may read the data directory's keys may run the
/// system.
final class Operator {
  private static final Duration VALID = Duration.ofMinutes(5);

  /// Returns a short-lived token with all rights.
  static String token(DataDirectory data) {
    Principal operator =
        new Principal(
            "operator", Principal.Kind.OPERATOR, Set.of(Caller.CALLER_ADMIN), Set.of(), "terminal");
    return InstallationKeys.open(data.keys()).token(operator, VALID);
  }

  private Operator() {}
}
