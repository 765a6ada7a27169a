package vesper.routing;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// How an endpoint is at a moment.
///
/// @param cause why it is not UP, in a sentence; empty when it is
/// @param since when it is in this state
/// @param calls of the last 30 s that were answered or failed
/// @param failures among them
/// @param firstTokenP95 of them
/// @param coolingUntil when it is left alone no longer; empty when it is not
/// @param meanTotal mean time of a call in the last 30 s
public record Health(
    HealthState state,
    String cause,
    Instant since,
    int calls,
    int failures,
    Optional<Duration> firstTokenP95,
    Optional<Instant> coolingUntil,
    Optional<Duration> meanTotal) {}
