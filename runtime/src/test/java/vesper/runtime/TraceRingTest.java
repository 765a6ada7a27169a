package vesper.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TraceRingTest {
  private final Tracing tracing = new Tracing();

  @Test
  void add_moreTracesThanThereIsRoom_forgetsTheOldest() {
    String first = trace("first");
    String second = trace("second");
    for (int i = 2; i <= TraceRing.TRACES; i++) {
      trace("more");
    }

    assertThat(tracing.ring().find(first)).isEmpty();
    assertThat(tracing.ring().find(second)).isPresent();
    assertThat(tracing.ring().last(5_000)).hasSize(TraceRing.TRACES);
  }

  @Test
  void add_endlessTrace_isCutAndCounted() {
    Span root = tracing.begin("test", "root", null);
    for (int i = 0; i < TraceRing.SPANS_OF_A_TRACE + 10; i++) {
      Tracing.end(tracing.child(root, "test", "child", SpanKind.INTERNAL), "OK", false);
    }

    TraceRing.Snapshot snapshot =
        tracing.ring().find(root.getSpanContext().getTraceId()).orElseThrow();
    assertThat(snapshot.spans()).hasSize(TraceRing.SPANS_OF_A_TRACE);
    assertThat(snapshot.dropped()).isEqualTo(10);
  }

  @Test
  void last_limited_beginsWithTheNewest() {
    trace("old");
    String newest = trace("new");

    assertThat(tracing.ring().last(1))
        .extracting(TraceRing.Snapshot::traceId)
        .containsExactly(newest);
  }

  @Test
  void traceparent_ofASpan_makesTheNextOneItsChild() {
    Span parent = tracing.begin("a", "parent", null);
    Span child = tracing.begin("b", "child", Tracing.traceparent(parent));
    child.end();

    TraceRing.Snapshot snapshot =
        tracing.ring().find(parent.getSpanContext().getTraceId()).orElseThrow();
    assertThat(snapshot.spans())
        .singleElement()
        .satisfies(
            span -> assertThat(span.parent()).isEqualTo(parent.getSpanContext().getSpanId()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "00-0123456789abcdef0123456789abcdef-00f067aa0ba902b7",
        "00-0123456789abcdef0123456789abcdeg-00f067aa0ba902b7-01",
        "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
        "00-0123456789abcdef0123456789abcdef-0000000000000000-01",
        "01-0123456789abcdef0123456789abcdef-00f067aa0ba902b7-01",
        "00-0123456789abcdef0123456789abcdef_00f067aa0ba902b7-01"
      })
  void parse_notATraceparent_beginsATrace(String text) {
    assertThat(Tracing.parse(text).getSpanContext().isValid()).isFalse();
  }

  private String trace(String name) {
    Span span = tracing.begin("test", name, null);
    Tracing.end(span, "OK", false);
    return span.getSpanContext().getTraceId();
  }
}
