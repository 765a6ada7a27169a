package vesper.runtime;

import com.google.protobuf.Message;
import java.time.Instant;

/// An event as a consumer gets it.
///
/// @param message what happened
/// @param id tells it from all others, also when it is delivered again
/// @param type as in `vesper.time.day_changed.v1`
/// @param world in which it happened, or `_`
/// @param partitionKey events of one key come in their order, one at a time
/// @param time when it was taken
public record Event<E extends Message>(
    E message, String id, String type, String world, String partitionKey, Instant time) {}
