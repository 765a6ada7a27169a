package vesper.runtime;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanId;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceId;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import org.jspecify.annotations.Nullable;

/// Makes spans, kept in a ring of the last traces.
public final class Tracing {
  static final AttributeKey<String> SERVICE = AttributeKey.stringKey("service");
  static final AttributeKey<String> CODE = AttributeKey.stringKey("code");
  private static final int TRACEPARENT_LENGTH = 55;
  private static final int SPAN_ID_AT = 36;

  private final TraceRing ring = new TraceRing();
  private final Tracer tracer =
      SdkTracerProvider.builder()
          .setSampler(Sampler.alwaysOn())
          .addSpanProcessor(ring)
          .build()
          .get("vesper");

  Tracing() {}

  /// Begins a span; the caller ends it.
  ///
  /// @param service who does the work, as in `gateway`
  /// @param name what is done, from a bounded set, as in `POST
  ///   /v1/worlds/{world_id}/npcs/{npc_id}:converse`
  /// @param traceparent the span that it belongs to in the notation of W3C Trace Context; anything
  ///   else begins a trace
  public Span begin(String service, String name, @Nullable String traceparent) {
    return begin(service, name, SpanKind.SERVER, parse(traceparent));
  }

  /// Begins a span under the one of a running call, for a part of its work that is worth seeing by
  /// itself; the caller ends it.
  ///
  /// @param name what is done, from a bounded set
  public Span begin(CallContext call, String name) {
    return begin(call.service(), name, SpanKind.CLIENT, call.span());
  }

  /// Begins a span under another, which may be invalid.
  Span child(Span parent, String service, String name, SpanKind kind) {
    return begin(service, name, kind, parent);
  }

  /// Ends a span with the code of its outcome, as in `NOT_FOUND`.
  public static void end(Span span, String code, boolean failed) {
    span.setAttribute(CODE, code);
    if (failed) {
      span.setStatus(StatusCode.ERROR);
    }
    span.end();
  }

  /// Returns the value of the metadata `traceparent` that makes calls belong to a span.
  public static String traceparent(Span span) {
    SpanContext context = span.getSpanContext();
    return "00-" + context.getTraceId() + "-" + context.getSpanId() + "-01";
  }

  TraceRing ring() {
    return ring;
  }

  private Span begin(String service, String name, SpanKind kind, Span parent) {
    return tracer
        .spanBuilder(name)
        .setParent(Context.root().with(parent))
        .setSpanKind(kind)
        .setAttribute(SERVICE, service)
        .startSpan();
  }

  /// Returns the remote span that a traceparent names, or an invalid one.
  static Span parse(@Nullable String traceparent) {
    if (traceparent == null
        || traceparent.length() != TRACEPARENT_LENGTH
        || !traceparent.startsWith("00-")
        || traceparent.charAt(SPAN_ID_AT - 1) != '-') {
      return Span.getInvalid();
    }
    String traceId = traceparent.substring(3, SPAN_ID_AT - 1);
    String spanId = traceparent.substring(SPAN_ID_AT, SPAN_ID_AT + SpanId.getLength());
    if (!TraceId.isValid(traceId) || !SpanId.isValid(spanId)) {
      return Span.getInvalid();
    }
    return Span.wrap(
        SpanContext.createFromRemoteParent(
            traceId, spanId, TraceFlags.getSampled(), TraceState.getDefault()));
  }
}
