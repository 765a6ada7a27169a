package vesper.routing;

import java.time.Instant;

/// What a talk has been answered by.
///
/// @param tier of its answers
/// @param since it has this tier
/// @param endpoint that it was last sent to
public record Pin(Tier tier, Instant since, String endpoint) {}
