package vesper.bench.fuzz;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.Message;
import com.google.protobuf.Timestamp;
import java.util.List;
import java.util.UUID;
import java.util.random.RandomGenerator;

/// Makes requests that could be meant, and with a certain chance puts an oddity into a field.
///
/// @param world a world that is there
/// @param people ids of persons in it
/// @param oddity the chance of an odd value, from 0 to 1
record Plausible(String world, List<String> people, double oddity) {
  private static final int DEEPEST = 4;
  private static final List<String> WORDS =
      List.of("Good evening.", "What is my name?", "harbor", "lantern", "tide", "I am Ilse.", "en");

  Plausible with(double chance) {
    return new Plausible(world, people, chance);
  }

  /// Makes a request.
  DynamicMessage message(Descriptor type, RandomGenerator random) {
    return message(type, random, 0);
  }

  private DynamicMessage message(Descriptor type, RandomGenerator random, int depth) {
    DynamicMessage.Builder message = DynamicMessage.newBuilder(type);
    switch (type.getFullName()) {
      case "google.protobuf.Timestamp", "google.protobuf.Duration" -> {
        // Of the sizes that JSON can write.
        Timestamp sample =
            Timestamp.newBuilder()
                .setSeconds(random.nextLong(4_000_000_000L))
                .setNanos(random.nextInt(1_000_000_000))
                .build();
        set(message, "seconds", sample.getSeconds());
        set(message, "nanos", sample.getNanos());
        return message.build();
      }
      case "google.protobuf.FieldMask" -> {
        message.addRepeatedField(
            type.findFieldByName("paths"), Oddities.pick(List.of("type", "tags", "x_y"), random));
        return message.build();
      }
      case "google.protobuf.Struct",
          "google.protobuf.Value",
          "google.protobuf.ListValue",
          "google.protobuf.Any" -> {
        return message.build();
      }
      default -> {}
    }
    for (FieldDescriptor field : type.getFields()) {
      boolean wanted =
          field.getContainingOneof() == null
              ? depth == 0 || random.nextInt(3) > 0
              : random.nextInt(field.getContainingOneof().getFieldCount()) == 0;
      if (wanted && (depth < DEEPEST || field.getJavaType() != FieldDescriptor.JavaType.MESSAGE)) {
        fill(message, field, random, depth);
      }
    }
    return message.build();
  }

  private void fill(
      DynamicMessage.Builder message, FieldDescriptor field, RandomGenerator random, int depth) {
    if (!field.isRepeated()) {
      message.setField(field, value(field, random, depth));
      return;
    }
    for (int i = random.nextInt(3); i > 0; i--) {
      message.addRepeatedField(field, value(field, random, depth));
    }
  }

  private Object value(FieldDescriptor field, RandomGenerator random, int depth) {
    boolean odd = random.nextDouble() < oddity;
    return switch (field.getJavaType()) {
      case INT -> odd ? random.nextInt() : random.nextInt(20);
      case LONG -> odd ? random.nextLong() : (long) random.nextInt(20);
      case FLOAT -> odd ? Float.NaN : random.nextFloat() * 10;
      case DOUBLE -> odd ? Double.NEGATIVE_INFINITY : random.nextDouble() * 10;
      case BOOLEAN -> random.nextBoolean();
      case STRING -> odd ? Oddities.text(random) : text(field.getName(), random);
      case BYTE_STRING ->
          ByteString.copyFrom(
              odd
                  ? Oddities.bytes(random, 200)
                  : "0123456789abcdef0123456789abcdef"
                      .getBytes(java.nio.charset.StandardCharsets.US_ASCII));
      case ENUM -> {
        List<EnumValueDescriptor> values = field.getEnumType().getValues();
        yield odd
            ? field.getEnumType().findValueByNumberCreatingIfUnknown(random.nextInt(1_000))
            : Oddities.pick(values, random);
      }
      case MESSAGE -> message(field.getMessageType(), random, depth + 1);
    };
  }

  private String text(String field, RandomGenerator random) {
    return switch (field) {
      case "world_id" -> random.nextInt(10) == 0 ? "nowhere" : world;
      case "npc_id", "other_id" -> Oddities.pick(people, random);
      case "entity_id" -> "npc:" + Oddities.pick(people, random);
      case "page_token", "etag", "resume_token", "player_id" ->
          random.nextInt(4) == 0 ? Oddities.id(random) : "";
      case "conversation_id", "account_id", "decision_id", "memory_id" ->
          new UUID(random.nextLong(), random.nextLong()).toString();
      case "locale" -> "en";
      case "key", "type", "id", "flag_id", "document_id", "endpoint_id" -> Oddities.id(random);
      default -> Oddities.pick(WORDS, random);
    };
  }

  private static void set(Message.Builder message, String field, Object value) {
    message.setField(message.getDescriptorForType().findFieldByName(field), value);
  }
}
