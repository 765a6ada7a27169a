package vesper.runtime;

import com.google.protobuf.Message;
import org.jdbi.v3.core.Handle;

/// Makes the effect of events of one type.
@FunctionalInterface
public interface EventHandler<E extends Message> {
  /// Makes the effect of one event. All of it is written with this handle, also events that follow
  /// from it ([Outbox]): it commits together with the note that the event was handled, so that an
  /// event that is delivered again has no second effect. Like all work of a transaction it may run
  /// again after a collision.
  ///
  /// A [io.grpc.StatusRuntimeException] with UNAVAILABLE or ABORTED means that something is away:
  /// the event waits, and those of its key behind it. Any other exception is a failed delivery;
  /// after the last one the event becomes a dead letter.
  void handle(Handle transaction, Event<E> event);
}
