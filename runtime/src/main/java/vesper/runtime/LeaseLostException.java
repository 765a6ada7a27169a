package vesper.runtime;

import java.io.Serial;

/// Ends a transaction whose process has lost the lease under which it works. Nothing of it is kept.
public final class LeaseLostException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1;

  /// Of a lease.
  ///
  /// @param lease its name
  /// @param fence under which the work was done
  public LeaseLostException(String lease, long fence) {
    super("the lease '%s' with fence %d is held no more".formatted(lease, fence));
  }
}
