package vesper.launcher;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.JsonFormat;
import io.nats.client.Message;
import io.nats.client.impl.Headers;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import vesper.options.v1.Event;
import vesper.options.v1.OptionsProto;

/// Turns an event on the wire into one line of CloudEvents JSON.
final class EventJson {
  private final ObjectMapper mapper = new ObjectMapper();
  private final JsonFormat.Printer printer =
      JsonFormat.printer().alwaysPrintFieldsWithNoPresence().omittingInsignificantWhitespace();
  private final Map<String, Descriptor> types = new HashMap<>();

  EventJson() {
    for (FileDescriptor file : Catalogue.files()) {
      String domain = file.getPackage().split("\\.", -1)[1];
      for (Descriptor message : file.getMessageTypes()) {
        if (message.getOptions().hasExtension(OptionsProto.event)) {
          Event event = message.getOptions().getExtension(OptionsProto.event);
          types.put(domain + "." + event.getName(), message);
        }
      }
    }
  }

  String render(Message message) {
    ObjectNode root = mapper.createObjectNode();
    root.put("subject", message.getSubject());
    Headers headers = message.getHeaders();
    if (headers != null) {
      for (String name :
          List.of("ce-id", "ce-type", "ce-source", "ce-time", "ce-worldid", "ce-playerid")) {
        String value = headers.getFirst(name);
        if (value != null) {
          root.put(name.substring("ce-".length()), value);
        }
      }
    }
    // evt.<domain>.<name>.v1.<world>
    String[] parts = message.getSubject().split("\\.", -1);
    Descriptor type = parts.length < 3 ? null : types.get(parts[1] + "." + parts[2]);
    JsonNode data = decode(type, message.getData());
    root.set(data.isTextual() ? "data_base64" : "data", data);
    try {
      return mapper.writeValueAsString(root);
    } catch (JsonProcessingException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /// Returns the decoded event, or its bytes as text when its type is unknown here.
  private JsonNode decode(@Nullable Descriptor type, byte[] bytes) {
    if (type != null) {
      try {
        return mapper.readTree(printer.print(DynamicMessage.parseFrom(type, bytes)));
      } catch (InvalidProtocolBufferException | JsonProcessingException newerThanThisProgram) {
        return mapper.getNodeFactory().textNode(Base64.getEncoder().encodeToString(bytes));
      }
    }
    return mapper.getNodeFactory().textNode(Base64.getEncoder().encodeToString(bytes));
  }
}
