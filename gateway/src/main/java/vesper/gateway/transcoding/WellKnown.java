package vesper.gateway.transcoding;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Message;
import com.google.protobuf.util.Durations;
import com.google.protobuf.util.FieldMaskUtil;
import com.google.protobuf.util.Timestamps;
import java.text.ParseException;

/// How a message looks in JSON.
public enum WellKnown {
  /// An object with a member for each field.
  OBJECT,
  /// A text: an instant.
  TIMESTAMP,
  /// A text: a length of time.
  DURATION,
  /// A text: names of fields.
  FIELD_MASK,
  /// The value it holds.
  WRAPPER,
  /// An object with any members.
  STRUCT,
  /// Anything.
  VALUE,
  /// An array of anything.
  LIST,
  /// A message whose type only the data tells; not transcoded.
  ANY;

  /// How messages of a type look.
  public static WellKnown of(Descriptor type) {
    return switch (type.getFullName()) {
      case "google.protobuf.Timestamp" -> TIMESTAMP;
      case "google.protobuf.Duration" -> DURATION;
      case "google.protobuf.FieldMask" -> FIELD_MASK;
      case "google.protobuf.DoubleValue",
          "google.protobuf.FloatValue",
          "google.protobuf.Int64Value",
          "google.protobuf.UInt64Value",
          "google.protobuf.Int32Value",
          "google.protobuf.UInt32Value",
          "google.protobuf.BoolValue",
          "google.protobuf.StringValue",
          "google.protobuf.BytesValue" ->
          WRAPPER;
      case "google.protobuf.Struct" -> STRUCT;
      case "google.protobuf.Value" -> VALUE;
      case "google.protobuf.ListValue" -> LIST;
      case "google.protobuf.Any" -> ANY;
      default -> OBJECT;
    };
  }

  /// Whether it is one text in JSON.
  public boolean isText() {
    return this == TIMESTAMP || this == DURATION || this == FIELD_MASK;
  }

  /// Reads a message that is one text in JSON.
  Message parse(String text) throws Unreadable {
    try {
      return switch (this) {
        case TIMESTAMP -> Timestamps.parse(text);
        case DURATION -> Durations.parse(text);
        case FIELD_MASK -> FieldMaskUtil.fromJsonString(text);
        case OBJECT, WRAPPER, STRUCT, VALUE, LIST, ANY ->
            throw new IllegalStateException(name() + " is no text");
      };
    } catch (ParseException | IllegalArgumentException e) {
      throw new Unreadable(
          switch (this) {
            case TIMESTAMP -> "must be an instant, as in 2026-01-31T23:59:59Z";
            case DURATION -> "must be a length of time in seconds, as in 1.5s";
            default -> "must be names of fields with commas between them";
          });
    }
  }
}
