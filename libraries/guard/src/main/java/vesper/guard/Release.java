package vesper.guard;

import java.time.Duration;

/// When words of a stream are handed on.
///
/// @param clauseChars from so many held characters on a comma, semicolon or colon releases
/// @param holdChars so many held characters release by themselves
/// @param tailChars characters that stay held with such a release; a sentence's end keeps none
/// @param hold time after which held characters release by themselves
/// @param maxChars characters that one answer may have
public record Release(int clauseChars, int holdChars, int tailChars, Duration hold, int maxChars) {
  /// ai.md AI-24, and 4,000 characters at most.
  public static final Release STANDARD = new Release(60, 120, 32, Duration.ofMillis(400), 4_000);

  /// Checks that something is released at all.
  public Release {
    if (tailChars < 0 || clauseChars <= tailChars || holdChars <= tailChars || maxChars < 1) {
      throw new IllegalArgumentException("The tail must be shorter than what is held");
    }
  }
}
