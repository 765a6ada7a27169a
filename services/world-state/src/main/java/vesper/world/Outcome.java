package vesper.world;

import java.util.SortedSet;

/// What becomes of an [Edit].
sealed interface Outcome {

  /// Something has another version.
  sealed interface Change extends Outcome {}

  /// All is as it was asked to be.
  sealed interface Unchanged extends Outcome {}

  /// The edit cannot be made.
  sealed interface Refused extends Outcome {}

  /// An entity was made.
  record Created(Thing after) implements Change {}

  /// An entity changed.
  record Changed(Thing before, Thing after, SortedSet<String> fields) implements Change {}

  /// An entity is no more.
  record Removed(Thing before, Thing after) implements Change {}

  /// A flag changed.
  record Flagged(FlagState before, FlagState after) implements Change {}

  /// An entity is as it was.
  record SameThing(Thing thing) implements Unchanged {}

  /// A flag is as it was.
  record SameFlag(FlagState flag) implements Unchanged {}

  /// There is another version by now.
  record Stale(long current) implements Refused {}

  /// The id is taken.
  record Taken() implements Refused {}

  /// There is nothing of the id.
  record Missing() implements Refused {}

  /// The entity would not keep to a limit.
  ///
  /// @param field which part of it
  record Excessive(String field, String description) implements Refused {}

  /// The flag is never of this kind.
  record OtherKind(Reading expected) implements Refused {}
}
