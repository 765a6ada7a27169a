package vesper.transport;

/// Counts of one channel or server since it was made, for metrics.
///
/// @param inFlight calls that have not ended
/// @param noResponders calls that found nobody listening
/// @param refused calls turned away at the in-flight limit
/// @param gaps streams that ended with DATA_LOSS
/// @param silent streams that ended because nothing was heard for the idle limit
/// @param framesLost frames that could not be handed to the connection
/// @param malformed messages that were not understood and ignored
/// @param dropped messages that the client library dropped at its pending limits
public record TransportStats(
    int inFlight,
    long noResponders,
    long refused,
    long gaps,
    long silent,
    long framesLost,
    long malformed,
    long dropped) {}
