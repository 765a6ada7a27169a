package vesper.runtime;

import org.jdbi.v3.core.Handle;

/// The right of this process to do alone what only one may do, until another takes it over.
///
/// A process can be stopped at any moment for any time and not know it. So what it writes names the
/// fence: each write transaction calls [#check], and the database refuses one whose time is over.
public interface Lease {
  /// What it is for, as in `announcer`.
  String name();

  /// A number that rises by one each time somebody takes the lease.
  long fence();

  /// Whether the lease is still held as far as this process can tell without asking the database:
  /// enough to stop work in time, and the most there is for effects outside the database.
  boolean held();

  /// Makes sure that the lease is held until this transaction commits. From here on the database
  /// ends the transaction by itself when this process stands still for longer than is left of the
  /// lease, so that nobody waits for one that does not wake.
  ///
  /// @param transaction the handle given by [Database#write]
  /// @throws LeaseLostException when another has the lease, or its time is over
  void check(Handle transaction);
}
