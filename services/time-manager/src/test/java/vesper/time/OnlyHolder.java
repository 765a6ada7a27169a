package vesper.time;

import org.jdbi.v3.core.Handle;
import vesper.runtime.Lease;
import vesper.runtime.LeaseLostException;

/// The lease of a test without other replicas.
///
/// @param held whether it is held
record OnlyHolder(boolean held) implements Lease {
  static final OnlyHolder LEASE = new OnlyHolder(true);

  @Override
  public String name() {
    return Announcer.LEASE;
  }

  @Override
  public long fence() {
    return 1;
  }

  @Override
  public void check(Handle transaction) {
    if (!held) {
      throw new LeaseLostException(name(), fence());
    }
  }
}
