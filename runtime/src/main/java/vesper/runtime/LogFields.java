package vesper.runtime;

import ch.qos.logback.classic.spi.ILoggingEvent;
import java.util.LinkedHashMap;
import java.util.Map;
import org.slf4j.event.KeyValuePair;

/// The data of a log line: its own, and those of the call or loop that it came from.
final class LogFields {
  /// Key of the service in the mapped diagnostic context of loops.
  static final String SERVICE = "service";

  private LogFields() {}

  static Map<String, String> of(ILoggingEvent event) {
    Map<String, String> fields = new LinkedHashMap<>();
    if (event.getKeyValuePairs() != null) {
      for (KeyValuePair pair : event.getKeyValuePairs()) {
        fields.put(pair.key, String.valueOf(pair.value));
      }
    }
    CallContext call = CallContext.KEY.get();
    if (call != null) {
      if (!call.service().isEmpty()) {
        fields.putIfAbsent(SERVICE, call.service());
      }
      fields.putIfAbsent("requestId", call.requestId());
      if (call.span().getSpanContext().isValid()) {
        fields.putIfAbsent("traceId", call.span().getSpanContext().getTraceId());
      }
    }
    event.getMDCPropertyMap().forEach(fields::putIfAbsent);
    return fields;
  }
}
