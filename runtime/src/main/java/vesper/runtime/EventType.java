package vesper.runtime;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import vesper.options.v1.Event;
import vesper.options.v1.OptionsProto;
import vesper.options.v1.Visibility;

/// What a message declares about itself as an event: its names, and the fields that CloudEvents
/// headers show.
final class EventType {
  static final int LARGEST = 256 << 10;
  private static final Pattern WORLD = Pattern.compile("_|[a-z0-9][a-z0-9-]{0,31}");
  private static final Pattern EVENT_ID = Pattern.compile("[!-~]{1,128}");
  private static final ConcurrentHashMap<Descriptor, EventType> KNOWN = new ConcurrentHashMap<>();

  private final String domain;
  private final String name;
  private final boolean live;
  private final String schema;
  private final FieldDescriptor partition;
  private final @Nullable FieldDescriptor player;

  private EventType(Descriptor message) {
    Event event = message.getOptions().getExtension(OptionsProto.event);
    if (event.getName().isEmpty()) {
      throw new IllegalArgumentException(message.getFullName() + " is not declared as an event");
    }
    domain = message.getFile().getPackage().split("\\.", -1)[1];
    name = event.getName();
    live = event.getLive();
    schema = message.getFullName();
    partition = message.findFieldByName(event.getPartitionField());
    FieldDescriptor named = message.findFieldByName("player_id");
    boolean aboutPlayer = event.getVisibility() == Visibility.VISIBILITY_PLAYER;
    player = named != null ? named : aboutPlayer ? partition : null;
  }

  /// Returns the type of an event, or throws IllegalArgumentException when the message is none of
  /// this domain.
  static EventType of(Message event, String domain) {
    EventType type = of(event.getDescriptorForType());
    if (!type.domain.equals(domain)) {
      throw new IllegalArgumentException(
          "%s is an event of %s, not of %s".formatted(type.schema, type.domain, domain));
    }
    if (event.getSerializedSize() > LARGEST) {
      throw new IllegalArgumentException(type.schema + " is larger than 256 KiB");
    }
    return type;
  }

  /// Returns what a message declares, or throws IllegalArgumentException when it is no event.
  static EventType of(Descriptor message) {
    return KNOWN.computeIfAbsent(message, EventType::new);
  }

  boolean live() {
    return live;
  }

  String domain() {
    return domain;
  }

  String name() {
    return name;
  }

  /// Returns the type in CloudEvents, as in `vesper.time.day_changed.v1`.
  String type() {
    return "vesper." + domain + "." + name + ".v1";
  }

  /// Returns the subjects in all worlds.
  String subjects() {
    return subjectOf("*");
  }

  /// Returns the subject in JetStream or on core NATS.
  String subject(String world) {
    if (!WORLD.matcher(world).matches()) {
      throw new IllegalArgumentException("not a world: " + world);
    }
    return subjectOf(world);
  }

  private String subjectOf(String world) {
    return (live ? "live." : "evt.") + domain + "." + name + ".v1." + world;
  }

  /// Returns the headers of CloudEvents 1.0 in binary mode.
  Map<String, String> headers(
      Message event, String eventId, String world, Instant time, @Nullable String traceparent) {
    if (!EVENT_ID.matcher(eventId).matches()) {
      throw new IllegalArgumentException("an event id is 1 to 128 printable ASCII characters");
    }
    String partitionKey = event.getField(partition).toString();
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("ce-specversion", "1.0");
    headers.put("ce-id", eventId);
    headers.put("ce-source", "/services/" + domain);
    headers.put("ce-type", type());
    headers.put("ce-time", time.toString());
    headers.put("ce-subject", encode(partitionKey));
    if (!world.equals("_")) {
      headers.put("ce-worldid", world);
    }
    if (player != null && !event.getField(player).toString().isEmpty()) {
      headers.put("ce-playerid", encode(event.getField(player).toString()));
    }
    headers.put("ce-partitionkey", encode(partitionKey));
    headers.put("ce-dataschema", schema);
    headers.put("content-type", "application/protobuf");
    if (traceparent != null) {
      headers.put("traceparent", traceparent);
    }
    return headers;
  }

  // The percent-encoding that CloudEvents' HTTP binding prescribes for header values.
  static String encode(String value) {
    boolean plain = value.chars().allMatch(c -> c > ' ' && c < 0x7f && c != '"' && c != '%');
    if (plain) {
      return value;
    }
    StringBuilder encoded = new StringBuilder();
    for (byte b : value.getBytes(StandardCharsets.UTF_8)) {
      if (b > ' ' && b < 0x7f && b != '"' && b != '%') {
        encoded.append((char) b);
      } else {
        encoded.append('%').append("%02X".formatted(b & 0xff));
      }
    }
    return encoded.toString();
  }

  /// Returns what [#encode] was given.
  ///
  /// @throws IllegalArgumentException for a text that it did not return
  static String decode(String value) {
    return URLDecoder.decode(value.replace("+", "%2B"), StandardCharsets.UTF_8);
  }
}
