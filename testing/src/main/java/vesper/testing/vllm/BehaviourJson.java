package vesper.testing.vllm;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.Iterator;

/// Behaviour as JSON: one flat object, times in milliseconds.
final class BehaviourJson {
  private BehaviourJson() {}

  static ObjectNode write(Behaviour behaviour) {
    Faults faults = behaviour.faults();
    return JsonNodeFactory.instance
        .objectNode()
        .put("first_token_ms", millis(behaviour.firstToken()))
        .put("per_token_ms", millis(behaviour.perToken()))
        .put("spread", behaviour.spread())
        .put("mean_tokens", behaviour.meanTokens())
        .put("reply", behaviour.reply())
        .put("obey", behaviour.obey())
        .put("healthy", behaviour.healthy())
        .put("error_rate", faults.errorRate())
        .put("error_status", faults.errorStatus())
        .put("retry_after_ms", millis(faults.retryAfter()))
        .put("stall_rate", faults.stallRate())
        .put("stall_ms", millis(faults.stall()))
        .put("disconnect_rate", faults.disconnectRate())
        .put("malformed_rate", faults.malformedRate());
  }

  /// Returns the behaviour with the given values changed.
  ///
  /// @throws Refused when a name is unknown or a value is not acceptable
  static Behaviour change(Behaviour behaviour, JsonNode changes) throws Refused {
    ObjectNode values = write(behaviour);
    for (Iterator<String> names = changes.fieldNames(); names.hasNext(); ) {
      String name = names.next();
      JsonNode value = changes.path(name);
      JsonNode old = values.path(name);
      if (old.isMissingNode()) {
        throw Refused.badRequest(name, "there is no such value; GET it to see all");
      }
      if (old.isNumber() != value.isNumber() || old.isTextual() != value.isTextual()) {
        throw Refused.badRequest(name, "is written as " + old);
      }
      values.set(name, value);
    }
    try {
      return read(values);
    } catch (IllegalArgumentException invalid) {
      throw Refused.badRequest("", String.valueOf(invalid.getMessage()));
    }
  }

  private static Behaviour read(ObjectNode values) {
    return new Behaviour(
        time(values, "first_token_ms"),
        time(values, "per_token_ms"),
        values.path("spread").asDouble(),
        values.path("mean_tokens").asInt(),
        values.path("reply").asText(),
        values.path("obey").asBoolean(),
        values.path("healthy").asBoolean(),
        new Faults(
            values.path("error_rate").asDouble(),
            values.path("error_status").asInt(),
            time(values, "retry_after_ms"),
            values.path("stall_rate").asDouble(),
            time(values, "stall_ms"),
            values.path("disconnect_rate").asDouble(),
            values.path("malformed_rate").asDouble()));
  }

  private static double millis(Duration time) {
    return time.toNanos() / 1e6;
  }

  private static Duration time(ObjectNode values, String name) {
    double millis = values.path(name).asDouble();
    Range.require(millis >= 0 && millis <= 3_600_000, name + " must be 0 to an hour");
    return Duration.ofNanos(Math.round(millis * 1e6));
  }
}
