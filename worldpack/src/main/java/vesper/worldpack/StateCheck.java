package vesper.worldpack;

import com.google.protobuf.Value;
import java.util.HashMap;
import java.util.Map;
import vesper.pack.v1.EntityRule;
import vesper.pack.v1.FlagRule;
import vesper.pack.v1.State;

/// P001 and P002: a flag that is nothing a flag can be, sayings for what it never is or twice for
/// what it is, and entities that are too large for a world.
final class StateCheck implements PackCheck {
  /// The longest word that a flag can be.
  static final int LONGEST_WORD = 200;

  /// The largest component, in bytes of its message.
  static final int LARGEST_COMPONENT = 8 << 10;

  /// The largest entity, in bytes of its message.
  static final int LARGEST_ENTITY = 60 << 10;

  /// The largest whole number that a value of JSON holds exactly.
  private static final double LARGEST_NUMBER = 1L << 53;

  /// What a flag can be.
  private enum Kind {
    TRUTH("true or false"),
    NUMBER("a whole number"),
    WORD("a word"),
    NONE("nothing that a flag can be");

    private final String noun;

    Kind(String noun) {
      this.noun = noun;
    }
  }

  @Override
  public void check(Draft draft, Findings findings) {
    var state = draft.state();
    for (int i = 0; i < state.message().getFlagsCount(); i++) {
      checkFlag(state, "flags[%d]".formatted(i), state.message().getFlags(i), findings);
    }
    for (int i = 0; i < state.message().getEntitiesCount(); i++) {
      checkSize(state, "entities[%d]".formatted(i), state.message().getEntities(i), findings);
    }
  }

  private static void checkFlag(
      Document<State> state, String path, FlagRule flag, Findings findings) {
    if (!flag.hasFirst()) {
      return;
    }
    var kind = kind(flag.getFirst());
    if (kind == Kind.NONE) {
      findings.error(
          "P001",
          state,
          path + ".first",
          "A flag is true or false, a whole number or a word.",
          "A word has at most %d characters.".formatted(LONGEST_WORD));
      return;
    }
    Map<Value, Integer> said = new HashMap<>();
    for (int i = 0; i < flag.getSaysCount(); i++) {
      var saying = flag.getSays(i);
      var at = "%s.says[%d].value".formatted(path, i);
      if (saying.hasValue() && kind(saying.getValue()) != kind) {
        findings.error(
            "P001",
            state,
            at,
            "The flag is %s and never %s.".formatted(kind.noun, kind(saying.getValue()).noun),
            "Its kind is that of its first value.");
      } else if (saying.hasValue()) {
        var before = said.putIfAbsent(saying.getValue(), i);
        if (before != null) {
          findings.error(
              "P002",
              state,
              at,
              "There are two sayings for one value.",
              "The first is at %s:%d."
                  .formatted(
                      state.file(),
                      state.position("%s.says[%d].value".formatted(path, before)).line()));
        }
      }
    }
  }

  private static Kind kind(Value value) {
    return switch (value.getKindCase()) {
      case BOOL_VALUE -> Kind.TRUTH;
      case NUMBER_VALUE ->
          value.getNumberValue() == Math.rint(value.getNumberValue())
                  && Math.abs(value.getNumberValue()) <= LARGEST_NUMBER
              ? Kind.NUMBER
              : Kind.NONE;
      case STRING_VALUE -> value.getStringValue().length() <= LONGEST_WORD ? Kind.WORD : Kind.NONE;
      case NULL_VALUE, STRUCT_VALUE, LIST_VALUE, KIND_NOT_SET -> Kind.NONE;
    };
  }

  private static void checkSize(
      Document<State> state, String path, EntityRule entity, Findings findings) {
    entity
        .getComponentsMap()
        .forEach((name, component) -> {
          if (component.getSerializedSize() > LARGEST_COMPONENT) {
            findings.error(
                "P001",
                state,
                "%s.components.%s".formatted(path, name),
                "The component has more than %d bytes.".formatted(LARGEST_COMPONENT),
                "Split it.");
          }
        });
    if (entity.getSerializedSize() > LARGEST_ENTITY) {
      findings.error(
          "P001",
          state,
          path + ".id",
          "The entity has more than %d bytes.".formatted(LARGEST_ENTITY),
          "Split it.");
    }
  }
}
