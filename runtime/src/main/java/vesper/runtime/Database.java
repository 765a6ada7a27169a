package vesper.runtime;

import java.util.function.Consumer;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;

/// A service's way to its tables, over the one pool of the process. Every statement is written with
/// the schema in it (`select … from time.clock_anchor`), is ended after the statement time-out, and
/// waits a bounded time for a connection: while the database is away, calls end with UNAVAILABLE
/// and a retry delay.
///
/// Each piece of work has a name, as in `anchor.find`: a constant that metrics, spans and logs
/// show.
@SuppressWarnings("DoNotCallSuggester")
public final class Database {
  Database() {}

  /// Runs the work in a read-only transaction.
  public <T> T read(String name, Function<Handle, T> work) {
    throw new UnsupportedOperationException(name + work);
  }

  /// Runs the work in a transaction. After a serialization failure or a deadlock it runs again, at
  /// most three times in all, so it changes nothing outside the database.
  public <T> T write(String name, Function<Handle, T> work) {
    throw new UnsupportedOperationException(name + work);
  }

  /// Runs the work as [#write] does, when it has nothing to return.
  public void run(String name, Consumer<Handle> work) {
    throw new UnsupportedOperationException(name + work);
  }
}
