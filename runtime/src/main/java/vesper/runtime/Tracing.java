package vesper.runtime;

import io.opentelemetry.api.trace.Span;
import org.jspecify.annotations.Nullable;

/// Makes spans, kept in a ring of the last traces.
@SuppressWarnings("DoNotCallSuggester")
public final class Tracing {
  Tracing() {}

  /// Begins a span; the caller ends it.
  ///
  /// @param service who does the work, as in `gateway`
  /// @param name what is done, from a bounded set, as in `POST
  ///   /v1/worlds/{world_id}/npcs/{npc_id}:converse`
  /// @param traceparent the span that it belongs to in the notation of W3C Trace Context; anything
  ///   else begins a trace
  public Span begin(String service, String name, @Nullable String traceparent) {
    throw new UnsupportedOperationException(service + name + traceparent);
  }

  /// Returns the value of the metadata `traceparent` that makes calls belong to a span.
  public static String traceparent(Span span) {
    throw new UnsupportedOperationException(span.toString());
  }
}
