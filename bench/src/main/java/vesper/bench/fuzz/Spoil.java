package vesper.bench.fuzz;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/// Damages requests.
final class Spoil {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final List<String> LITTER =
      List.of(
          "{", "}", "[", "]", ",", ":", "\"", "\\", "\\u12", "\\x", "/*", "//", "'", "NaN", "null",
          "\0", "\ufeff", "1e", "--", "truee", "\n\n", "{}{}");

  private Spoil() {}

  /// Puts values of wrong types, odd values, unknown and missing fields into a tree.
  static void tree(ObjectNode root, RandomGenerator random) {
    for (int i = 1 + random.nextInt(3); i > 0; i--) {
      ObjectNode at = someObject(root, random);
      List<String> names = new ArrayList<>();
      at.fieldNames().forEachRemaining(names::add);
      String name =
          names.isEmpty() || random.nextInt(6) == 0
              ? Oddities.id(random)
              : Oddities.pick(names, random);
      if (random.nextInt(8) == 0) {
        at.remove(name);
      } else {
        at.set(name, wrong(random, 0));
      }
    }
  }

  /// Returns a tree so many levels deep, as text.
  static String nested(RandomGenerator random) {
    int levels = 1 << (3 + random.nextInt(12));
    return switch (random.nextInt(3)) {
      case 0 -> "[".repeat(levels);
      case 1 -> "{\"a\":".repeat(levels) + "1" + "}".repeat(levels);
      default -> "{\"worldId\":" + "[".repeat(levels) + "]".repeat(levels) + "}";
    };
  }

  /// Damages text of JSON here and there.
  static String text(String json, RandomGenerator random) {
    StringBuilder text = new StringBuilder(json);
    for (int i = 1 + random.nextInt(4); i > 0; i--) {
      int at = random.nextInt(text.length() + 1);
      switch (random.nextInt(4)) {
        case 0 -> text.setLength(at);
        case 1 -> text.delete(at, Math.min(text.length(), at + 1 + random.nextInt(5)));
        case 2 -> text.insert(at, Oddities.number(random));
        default -> text.insert(at, Oddities.pick(LITTER, random));
      }
    }
    return text.toString();
  }

  /// Damages bytes: flips, cuts, grows.
  static byte[] bytes(byte[] sound, RandomGenerator random) {
    byte[] bytes = sound.clone();
    switch (random.nextInt(5)) {
      case 0 -> bytes = Arrays.copyOf(bytes, random.nextInt(bytes.length + 1));
      case 1 -> bytes = Oddities.bytes(random, 300);
      case 2 -> {
        byte[] more = Oddities.bytes(random, 60);
        int length = bytes.length;
        bytes = Arrays.copyOf(bytes, length + more.length);
        System.arraycopy(more, 0, bytes, length, more.length);
      }
      default -> {
        for (int i = 1 + random.nextInt(6); i > 0 && bytes.length > 0; i--) {
          bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
        }
      }
    }
    return bytes;
  }

  /// Returns JSON bytes with a sequence in them that UTF-8 does not know.
  static byte[] badUtf8(String json, RandomGenerator random) {
    byte[] bytes = json.replace("\"", "\"\u0001").getBytes(StandardCharsets.ISO_8859_1);
    byte[] wrong = {(byte) 0xff, (byte) 0xc0, (byte) 0xed, (byte) 0x80};
    for (int i = 0; i < bytes.length; i++) {
      if (bytes[i] == 1) {
        bytes[i] = wrong[random.nextInt(wrong.length)];
      }
    }
    return bytes;
  }

  private static ObjectNode someObject(ObjectNode root, RandomGenerator random) {
    List<ObjectNode> objects = new ArrayList<>();
    collect(root, objects);
    return Oddities.pick(objects, random);
  }

  private static void collect(JsonNode node, List<ObjectNode> objects) {
    if (node instanceof ObjectNode object) {
      objects.add(object);
      for (Map.Entry<String, JsonNode> field : object.properties()) {
        collect(field.getValue(), objects);
      }
    } else if (node instanceof ArrayNode array) {
      array.forEach(item -> collect(item, objects));
    }
  }

  private static JsonNode wrong(RandomGenerator random, int depth) {
    return switch (random.nextInt(depth > 3 ? 6 : 8)) {
      case 0 -> JSON.nullNode();
      case 1 -> JSON.booleanNode(random.nextBoolean());
      case 2 -> JSON.numberNode(random.nextLong());
      case 3 -> JSON.numberNode(random.nextDouble() * 1e300);
      case 4, 5 -> JSON.textNode(Oddities.text(random));
      case 6 -> {
        ArrayNode array = JSON.arrayNode();
        for (int i = random.nextInt(5); i > 0; i--) {
          array.add(wrong(random, depth + 1));
        }
        yield array;
      }
      default -> {
        ObjectNode object = JSON.objectNode();
        for (int i = random.nextInt(4); i > 0; i--) {
          object.set(Oddities.text(random), wrong(random, depth + 1));
        }
        yield object;
      }
    };
  }
}
