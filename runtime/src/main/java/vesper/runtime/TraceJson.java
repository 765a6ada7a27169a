package vesper.runtime;

import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.time.Instant;

/// The notation of a trace on the management port.
final class TraceJson {
  private static final long NANOS = 1_000_000_000;
  private static final long MICRO = 1_000;

  private TraceJson() {}

  static void write(JsonWriter json, TraceRing.Snapshot trace) throws IOException {
    long start = trace.spans().isEmpty() ? 0 : trace.spans().getFirst().startNanos();
    json.beginObject();
    json.name("traceId").value(trace.traceId());
    json.name("start").value(Instant.ofEpochSecond(start / NANOS, start % NANOS).toString());
    json.name("droppedSpans").value(trace.dropped());
    json.name("spans").beginArray();
    for (TraceRing.Finished span : trace.spans()) {
      json.beginObject();
      json.name("spanId").value(span.spanId());
      json.name("parent").value(span.parent().startsWith("0000000000000000") ? "" : span.parent());
      json.name("service").value(span.service());
      json.name("name").value(span.name());
      json.name("startOffsetMicros").value((span.startNanos() - start) / MICRO);
      json.name("durationMicros").value(span.durationNanos() / MICRO);
      json.name("status").value(span.code());
      json.endObject();
    }
    json.endArray().endObject();
  }
}
