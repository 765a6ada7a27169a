package vesper.npc;

import com.google.protobuf.Value;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import vesper.world.v1.FlagValue;
import vesper.worldpack.WorldPack;

/// What people say of the flags of a world while they have a value.
///
/// @param texts by flag and value
record Sayings(Map<String, Map<FlagValue, String>> texts) {
  /// Copies the texts.
  Sayings {
    texts = Map.copyOf(texts);
  }

  static Sayings of(WorldPack pack) {
    Map<String, Map<FlagValue, String>> texts = new HashMap<>();
    for (var flag : pack.state().getFlagsList()) {
      Map<FlagValue, String> says = new HashMap<>();
      flag.getSaysList().forEach(saying -> says.put(value(saying.getValue()), saying.getText()));
      texts.put(flag.getId(), Map.copyOf(says));
    }
    return new Sayings(texts);
  }

  Optional<String> find(String flag, FlagValue value) {
    return Optional.ofNullable(texts.getOrDefault(flag, Map.of()).get(value));
  }

  private static FlagValue value(Value value) {
    return switch (value.getKindCase()) {
      case BOOL_VALUE -> FlagValue.newBuilder().setTruth(value.getBoolValue()).build();
      case NUMBER_VALUE -> FlagValue.newBuilder().setNumber((long) value.getNumberValue()).build();
      case STRING_VALUE -> FlagValue.newBuilder().setWord(value.getStringValue()).build();
      case NULL_VALUE, STRUCT_VALUE, LIST_VALUE, KIND_NOT_SET ->
          throw new IllegalArgumentException("no flag is this: " + value.getKindCase());
    };
  }
}
