package vesper.gateway.transcoding;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Duration;
import com.google.protobuf.FieldMask;
import com.google.protobuf.ListValue;
import com.google.protobuf.Message;
import com.google.protobuf.NullValue;
import com.google.protobuf.Struct;
import com.google.protobuf.Timestamp;
import com.google.protobuf.Value;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/// Messages with any content that their type allows.
final class RandomMessages {
  private static final List<String> PIECES =
      List.of(
          "a",
          "Zed",
          " ",
          "'",
          "\"",
          "\\",
          "/",
          "<b>",
          "&",
          "=",
          "\n",
          "\t",
          "\u0001",
          "é",
          "☃",
          "\u2028",
          "\ud83d\ude00",
          "\\u0027",
          "{}",
          "%41",
          "+",
          "?",
          ":",
          "*");

  private final Random random;

  RandomMessages(long seed) {
    this.random = new Random(seed);
  }

  Message like(Message prototype) {
    return fill(prototype.newBuilderForType(), 2);
  }

  private Message fill(Message.Builder builder, int depth) {
    Descriptor type = builder.getDescriptorForType();
    switch (WellKnown.of(type)) {
      case TIMESTAMP -> {
        return Timestamp.newBuilder()
            .setSeconds(random.nextLong(-62_135_596_800L, 253_402_300_799L))
            .setNanos(random.nextInt(1_000_000_000))
            .build();
      }
      case DURATION -> {
        int sign = random.nextBoolean() ? 1 : -1;
        return Duration.newBuilder()
            .setSeconds(sign * random.nextLong(315_576_000_000L))
            .setNanos(sign * random.nextInt(1_000_000_000))
            .build();
      }
      case FIELD_MASK -> {
        return FieldMask.newBuilder().addPaths("some_field").addPaths("other.sub_field").build();
      }
      case STRUCT -> {
        return struct(depth);
      }
      case VALUE -> {
        return value(depth);
      }
      case LIST -> {
        return ListValue.newBuilder().addValues(value(depth)).build();
      }
      case OBJECT, WRAPPER -> {}
      case ANY -> throw new IllegalStateException();
    }
    for (FieldDescriptor field : type.getFields()) {
      boolean message = field.getJavaType() == FieldDescriptor.JavaType.MESSAGE;
      if ((message && depth == 0) || random.nextInt(3) == 0) {
        continue;
      }
      if (field.isMapField()) {
        Set<Object> keys = new HashSet<>();
        for (int i = random.nextInt(3); i > 0; i--) {
          Message entry = entry(builder, field, depth - 1);
          if (keys.add(entry.getField(field.getMessageType().findFieldByNumber(1)))) {
            builder.addRepeatedField(field, entry);
          }
        }
      } else if (field.isRepeated()) {
        for (int i = random.nextInt(3); i > 0; i--) {
          builder.addRepeatedField(field, any(builder, field, depth - 1));
        }
      } else {
        builder.setField(field, any(builder, field, depth - 1));
      }
    }
    return builder.build();
  }

  private Message entry(Message.Builder builder, FieldDescriptor field, int depth) {
    Message.Builder entry = builder.newBuilderForField(field);
    for (FieldDescriptor part : field.getMessageType().getFields()) {
      entry.setField(part, any(entry, part, depth));
    }
    return entry.build();
  }

  private Object any(Message.Builder holder, FieldDescriptor field, int depth) {
    return switch (field.getType()) {
      case INT32, SINT32, SFIXED32, UINT32, FIXED32 ->
          pick(0, 1, -1, random.nextInt(), Integer.MIN_VALUE, Integer.MAX_VALUE);
      case INT64, SINT64, SFIXED64, UINT64, FIXED64 ->
          pick(0L, 1L, -1L, random.nextLong(), Long.MIN_VALUE, Long.MAX_VALUE);
      case FLOAT ->
          pick(
              0f,
              -1.5f,
              random.nextFloat(),
              Float.MAX_VALUE,
              Float.MIN_VALUE,
              Float.NaN,
              Float.POSITIVE_INFINITY);
      case DOUBLE ->
          pick(
              0d,
              -1.5,
              random.nextDouble(),
              Double.MAX_VALUE,
              Double.MIN_VALUE,
              Double.NaN,
              Double.NEGATIVE_INFINITY);
      case BOOL -> random.nextBoolean();
      case STRING -> text();
      case BYTES -> {
        byte[] bytes = new byte[random.nextInt(8)];
        random.nextBytes(bytes);
        yield ByteString.copyFrom(bytes);
      }
      case ENUM -> {
        List<EnumValueDescriptor> values = field.getEnumType().getValues();
        yield values.get(random.nextInt(values.size()));
      }
      case MESSAGE, GROUP -> fill(holder.newBuilderForField(field), depth);
    };
  }

  private Object pick(Object... values) {
    return values[random.nextInt(values.length)];
  }

  String text() {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(6); i > 0; i--) {
      text.append(PIECES.get(random.nextInt(PIECES.size())));
    }
    return text.toString();
  }

  private Struct struct(int depth) {
    Struct.Builder struct = Struct.newBuilder();
    for (int i = random.nextInt(3); i > 0; i--) {
      struct.putFields(text(), value(depth));
    }
    return struct.build();
  }

  private Value value(int depth) {
    Value.Builder value = Value.newBuilder();
    switch (random.nextInt(depth > 0 ? 6 : 4)) {
      case 0 -> value.setNullValue(NullValue.NULL_VALUE);
      case 1 -> value.setBoolValue(random.nextBoolean());
      case 2 -> value.setNumberValue(random.nextInt() / 8d);
      case 3 -> value.setStringValue(text());
      case 4 -> value.setStructValue(struct(depth - 1));
      default -> value.setListValue(ListValue.newBuilder().addValues(value(depth - 1)));
    }
    return value.build();
  }
}
