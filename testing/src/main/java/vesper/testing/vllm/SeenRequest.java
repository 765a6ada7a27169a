package vesper.testing.vllm;

import java.time.Instant;
import java.util.Optional;

/// A request for an answer, as the server saw it.
///
/// @param number from 1, in the order of arrival
/// @param path of the route
/// @param prompt all texts of the request, each message after its role
/// @param stream whether the answer was asked for token by token
/// @param outcome how far it is
/// @param tokens sent so far
/// @param startedAt when it arrived
/// @param endedAt when its answer ended, or when its client was seen to have left
public record SeenRequest(
    long number,
    String path,
    String prompt,
    boolean stream,
    Outcome outcome,
    int tokens,
    Instant startedAt,
    Optional<Instant> endedAt) {

  /// How far a request is.
  public enum Outcome {
    /// It waits for a slot.
    WAITING,
    /// It is being answered.
    RUNNING,
    /// It has its whole answer.
    ANSWERED,
    /// It got an error.
    REFUSED,
    /// Its client left before the end.
    CANCELLED,
    /// The server cut the connection, because of a fault or because it was closed.
    CUT
  }
}
