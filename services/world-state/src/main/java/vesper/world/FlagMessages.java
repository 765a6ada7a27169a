package vesper.world;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import vesper.runtime.Refusal;
import vesper.world.v1.Flag;
import vesper.world.v1.FlagValue;

/// Flags between their messages and the domain.
final class FlagMessages {
  static Flag flag(GameWorld world, FlagState state) {
    Flag.Builder flag =
        Flag.newBuilder()
            .setFlagId(state.id())
            .setVersion(state.version())
            .setEtag(Long.toString(state.version()));
    Optional<Reading> reading = world.read(state);
    reading.map(FlagMessages::value).ifPresent(flag::setValue);
    reading
        .flatMap(is -> world.findFlag(state.id()).map(rule -> rule.says().getOrDefault(is, "")))
        .ifPresent(flag::setSaid);
    return flag.build();
  }

  static FlagValue value(Reading reading) {
    return switch (reading) {
      case Reading.Truth(var holds) -> FlagValue.newBuilder().setTruth(holds).build();
      case Reading.Count(var number) -> FlagValue.newBuilder().setNumber(number).build();
      case Reading.Word(var text) -> FlagValue.newBuilder().setWord(text).build();
    };
  }

  /// Reads what a flag is to be.
  ///
  /// @param given whether there is a value; without one there is no reading
  /// @param path of the value in the request
  static @Nullable Reading reading(boolean given, FlagValue value, String path) {
    if (!given) {
      return null;
    }
    return switch (value.getKindCase()) {
      case TRUTH -> new Reading.Truth(value.getTruth());
      case NUMBER -> new Reading.Count(value.getNumber());
      case WORD -> {
        JsonCheck.checkText(value.getWord(), path + ".word");
        yield new Reading.Word(value.getWord());
      }
      case KIND_NOT_SET -> throw Refusal.invalid(path, "one of its fields must be set");
    };
  }

  private FlagMessages() {}
}
