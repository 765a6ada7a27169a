package vesper.runtime;

import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.trace.ReadWriteSpan;
import io.opentelemetry.sdk.trace.ReadableSpan;
import io.opentelemetry.sdk.trace.SpanProcessor;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/// Keeps the finished spans of the last traces, in bounded memory.
final class TraceRing implements SpanProcessor {
  static final int TRACES = 1_000;
  static final int SPANS_OF_A_TRACE = 256;

  /// A finished span.
  ///
  /// @param parent span id, or all zeros
  /// @param startNanos since the epoch
  /// @param code how it ended
  record Finished(
      String spanId,
      String parent,
      String name,
      String service,
      long startNanos,
      long durationNanos,
      String code) {}

  /// A trace as far as its spans have ended here.
  ///
  /// @param spans by start
  /// @param dropped how many more there were
  record Snapshot(String traceId, List<Finished> spans, int dropped) {}

  private final ConcurrentHashMap<String, Trace> byId = new ConcurrentHashMap<>(2 * TRACES);
  private final AtomicReferenceArray<@Nullable Trace> slots = new AtomicReferenceArray<>(TRACES);
  private final AtomicLong cursor = new AtomicLong();

  /// Returns a trace that is still there.
  Optional<Snapshot> find(String traceId) {
    return Optional.ofNullable(byId.get(traceId)).map(Trace::snapshot);
  }

  /// Returns the traces seen last, the newest first.
  List<Snapshot> last(int limit) {
    List<Snapshot> found = new ArrayList<>();
    long newest = cursor.get() - 1;
    for (long at = newest; at >= 0 && at > newest - TRACES && found.size() < limit; at--) {
      Trace trace = slots.get((int) (at % TRACES));
      if (trace != null) {
        found.add(trace.snapshot());
      }
    }
    return found;
  }

  @Override
  public void onEnd(ReadableSpan span) {
    SpanData data = span.toSpanData();
    String service = span.getAttribute(Tracing.SERVICE);
    String code = span.getAttribute(Tracing.CODE);
    trace(data.getTraceId())
        .add(
            new Finished(
                data.getSpanId(),
                data.getParentSpanId(),
                data.getName(),
                service == null ? "" : service,
                data.getStartEpochNanos(),
                span.getLatencyNanos(),
                code == null ? data.getStatus().getStatusCode().name() : code));
  }

  private Trace trace(String traceId) {
    Trace known = byId.get(traceId);
    if (known != null) {
      return known;
    }
    Trace created = new Trace(traceId);
    Trace raced = byId.putIfAbsent(traceId, created);
    if (raced != null) {
      return raced;
    }
    Trace oldest = slots.getAndSet((int) (cursor.getAndIncrement() % TRACES), created);
    if (oldest != null) {
      byId.remove(oldest.id, oldest);
    }
    return created;
  }

  @Override
  public void onStart(Context parent, ReadWriteSpan span) {}

  @Override
  public boolean isStartRequired() {
    return false;
  }

  @Override
  public boolean isEndRequired() {
    return true;
  }

  private static final class Trace {
    private final String id;
    private final List<Finished> spans = new ArrayList<>(4);
    private int dropped;

    Trace(String id) {
      this.id = id;
    }

    synchronized void add(Finished span) {
      if (spans.size() < SPANS_OF_A_TRACE) {
        spans.add(span);
      } else {
        dropped++;
      }
    }

    synchronized Snapshot snapshot() {
      List<Finished> sorted = new ArrayList<>(spans);
      sorted.sort(Comparator.comparingLong(Finished::startNanos));
      return new Snapshot(id, sorted, dropped);
    }
  }
}
