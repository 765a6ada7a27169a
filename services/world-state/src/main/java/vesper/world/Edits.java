package vesper.world;

import java.time.Instant;
import java.util.Optional;
import java.util.SortedSet;

/// What becomes of edits, by what is there now. Under an id that was never used lies a removed
/// entity, or an unset flag, of version 0.
final class Edits {
  /// Decides about an edit of an entity.
  ///
  /// @param now what lies under its id
  /// @throws IllegalArgumentException for an edit of a flag
  static Outcome decide(Edit edit, Thing now, Instant instant) {
    return switch (edit) {
      case Edit.Create(var thing) -> create(thing, now, instant);
      case Edit.Change(_, var patch, var etag) -> change(patch, etag, now, instant);
      case Edit.Remove(_, var etag) -> remove(etag, now, instant);
      case Edit.SetFlag _ -> throw new IllegalArgumentException("a flag is no entity");
    };
  }

  /// Decides about setting a flag.
  ///
  /// @param rule what the pack says of it
  /// @param now how it was set before
  static Outcome decide(Edit.SetFlag edit, Optional<FlagRule> rule, FlagState now) {
    Reading reading = edit.reading();
    if (rule.isEmpty() && now.version() == 0 && reading == null) {
      return new Outcome.Missing();
    }
    if (isStale(edit.etag(), now.version())) {
      return new Outcome.Stale(now.version());
    }
    if (reading != null && rule.isPresent() && !reading.isLike(rule.get().first())) {
      return new Outcome.OtherKind(rule.get().first());
    }
    boolean asThePackSays =
        now.reading() == null && rule.isPresent() && rule.get().first().equals(reading);
    return now.is(reading) || asThePackSays
        ? new Outcome.SameFlag(now)
        : new Outcome.Flagged(now, now.next(reading));
  }

  private static Outcome create(Thing thing, Thing now, Instant instant) {
    if (!now.removed()) {
      return new Outcome.Taken();
    }
    Optional<Outcome.Excessive> excessive = Limits.check(thing);
    return excessive.isPresent()
        ? excessive.get()
        : new Outcome.Created(thing.at(now.version() + 1, instant));
  }

  private static Outcome change(Patch patch, String etag, Thing now, Instant instant) {
    if (now.removed()) {
      return new Outcome.Missing();
    }
    if (isStale(etag, now.version())) {
      return new Outcome.Stale(now.version());
    }
    Thing after = patch.apply(now);
    SortedSet<String> fields = now.differences(after);
    if (fields.isEmpty()) {
      return new Outcome.SameThing(now);
    }
    Optional<Outcome.Excessive> excessive = Limits.check(after);
    return excessive.isPresent()
        ? excessive.get()
        : new Outcome.Changed(now, after.at(now.version() + 1, instant), fields);
  }

  private static Outcome remove(String etag, Thing now, Instant instant) {
    if (now.removed()) {
      return new Outcome.Missing();
    }
    return isStale(etag, now.version())
        ? new Outcome.Stale(now.version())
        : new Outcome.Removed(now, now.gone(instant));
  }

  private static boolean isStale(String etag, long version) {
    return !etag.isEmpty() && !etag.equals(Long.toString(version));
  }

  private Edits() {}
}
