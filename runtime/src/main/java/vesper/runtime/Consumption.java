package vesper.runtime;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import io.micrometer.core.instrument.MeterRegistry;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/// One consumer of one service: which events it takes, what it does with them, and what it needs
/// for that.
///
/// @param service id of the service
/// @param consumer what it does
/// @param database of the service
/// @param inbox which events it has handled
/// @param letters takes what it cannot handle
/// @param means what is the same for all consumers of the process
record Consumption<E extends Message>(
    String service,
    EventConsumer<E> consumer,
    Database database,
    Inbox inbox,
    DeadLetters letters,
    Means means) {
  /// What is the same for all consumers of a process.
  record Means(ConsumerSettings settings, MeterRegistry meters, Tracing tracing) {}

  String durable() {
    return consumer.durable(service);
  }

  String stream() {
    return EventStreams.of(consumer.eventType().domain());
  }

  /// The subjects of its events, in all worlds.
  String filter() {
    return consumer.eventType().subjects();
  }

  /// The type of its events, as in `vesper.time.day_changed.v1`.
  String type() {
    return consumer.eventType().type();
  }

  EventHandler<E> handler() {
    return consumer.handler();
  }

  ConsumerSettings settings() {
    return means.settings();
  }

  /// Counts an event.
  void count(String outcome) {
    means
        .meters()
        .counter("vesper.events.handled", "consumer", durable(), "outcome", outcome)
        .increment();
    if (outcome.equals("duplicate")) {
      means.meters().counter("vesper.events.duplicates", "consumer", durable()).increment();
    }
  }

  @SuppressWarnings("unchecked")
  E parse(byte[] data) throws InvalidProtocolBufferException {
    return (E) consumer.type().getParserForType().parseFrom(data);
  }

  /// Begins a span under that of the publisher.
  Span begin(@Nullable String traceparent) {
    return means
        .tracing()
        .child(
            Tracing.parse(traceparent),
            service,
            "process evt." + consumer.eventType().domain() + "." + consumer.eventType().name(),
            SpanKind.CONSUMER);
  }

  /// Does something in a transaction, as the service itself and within a span.
  <T> T within(Event<E> event, Span span, Function<Handle, T> work) {
    CallContext.Call call =
        new CallContext.Call(service, durable(), event.id(), span, null, null, null);
    return new CallContext(Principal.service(service), call)
        .call(() -> database.write("consume." + consumer.eventType().name(), work));
  }
}
