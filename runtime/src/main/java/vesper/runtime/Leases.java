package vesper.runtime;

/// What of a service runs in one process only, however many there are: the table `<domain>.lease`
/// says in which. Time is the database's, so that clocks of processes may differ.
public interface Leases {
  /// Returns a loop that waits until this process holds a lease and works while it does. When the
  /// lease is lost the work is asked to stop, and begins again when the lease is had again. A clean
  /// stop gives the lease up at once; a failure too, so that another process may try.
  ///
  /// @param name of the lease and the loop, as in `announcer`; one of its kind in the schema
  Worker worker(String name, Work work);

  /// What is done under a lease.
  @FunctionalInterface
  interface Work {
    /// Works until stopping is requested, which also happens when the lease is lost.
    ///
    /// @throws LeaseLostException when a transaction was refused; the loop goes on waiting
    void run(Lease lease, Stopping stop) throws Exception;
  }
}
