package vesper.ai;

import vesper.runtime.Tracing;

/// What every answer is made with.
///
/// @param planner knows where calls go
/// @param outcomes is told how they went
record Means(
    AiConfig config,
    PromptMaker prompts,
    RoutePlanner planner,
    Endpoints endpoints,
    OutcomeReporter outcomes,
    Tracing tracing) {}
