package vesper.guard;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Holds the words of one answer back until they passed the rules, and hands them on in segments
/// (ai.md AI-24, AI-25). What was handed on joins to `shown()`; each segment passed the rules
/// together with what was shown before it and with the held words behind it. The first broken rule
/// ends the answer: later tokens are dropped. How the text is cut into tokens does not matter. For
/// one thread at a time.
public final class StreamGuard {
  /// Rule of the verdict on an answer that is too long.
  public static final String TOO_LONG = "output-length";

  // Rules look back so far; no phrase is longer.
  private static final int CONTEXT_CHARS = 1_024;
  private static final String SENTENCE_ENDS = ".!?\u2026\u3002\uff01\uff1f\n";
  private static final String CLAUSE_ENDS = ",;:";

  private final OutputRules rules;
  private final Release release;
  private final int tailChars;
  private final int holdChars;
  private final StringBuilder shown = new StringBuilder();
  private final StringBuilder held = new StringBuilder();
  private long heldSince;
  private Optional<Verdict> block = Optional.empty();
  private boolean finished;

  /// Begins an answer. A closed term longer than the tail is held in whole, too.
  public StreamGuard(OutputRules rules, Release release) {
    this.rules = rules;
    this.release = release;
    this.tailChars = Math.max(release.tailChars(), rules.longestTerm());
    this.holdChars = release.holdChars() + tailChars - release.tailChars();
  }

  /// Takes a token and returns the segments that may be shown now, usually none or one.
  ///
  /// @param nowNanos a time that never goes back, as of `System.nanoTime`
  public List<String> accept(String token, long nowNanos) {
    if (isOver()) {
      return List.of();
    }
    List<String> segments = new ArrayList<>();
    for (int i = 0; i < token.length() && !isOver(); i++) {
      if (held.isEmpty()) {
        heldSince = nowNanos;
      }
      held.append(token.charAt(i));
      if (shown.length() + held.length() > release.maxChars()) {
        block(new Verdict(TOO_LONG, Verdict.Place.OUTPUT, Verdict.Action.BLOCK, 0, 0));
      } else if (endsSentence()) {
        release(held.length(), held.length(), nowNanos, segments);
      } else if (endsClause() || held.length() >= holdChars) {
        releaseAllButTail(nowNanos, segments);
      }
    }
    segments.addAll(tick(nowNanos));
    return segments;
  }

  /// Returns what may be shown because it was held long enough.
  public List<String> tick(long nowNanos) {
    List<String> segments = new ArrayList<>();
    if (!isOver()
        && held.length() > tailChars
        && nowNanos - heldSince >= release.hold().toNanos()) {
      releaseAllButTail(nowNanos, segments);
    }
    return segments;
  }

  /// Ends the answer and returns what is left of it.
  public List<String> finish() {
    List<String> segments = new ArrayList<>();
    if (!isOver() && !held.isEmpty()) {
      release(held.length(), held.length(), heldSince, segments);
    }
    finished = true;
    return segments;
  }

  /// The rule that ended the answer.
  public Optional<Verdict> block() {
    return block;
  }

  /// All segments, joined.
  public String shown() {
    return shown.toString();
  }

  private boolean isOver() {
    return finished || block.isPresent();
  }

  private void block(Verdict verdict) {
    block = Optional.of(verdict);
    held.setLength(0);
  }

  /// Whether the last held character ends a sentence: a full stop behind a digit or behind a single
  /// letter does not, as in `4.5` and `J. Vane`.
  private boolean endsSentence() {
    int last = held.length() - 1;
    if (SENTENCE_ENDS.indexOf(held.charAt(last)) < 0) {
      return false;
    }
    if (held.charAt(last) == '.' && last > 0) {
      char before = held.charAt(last - 1);
      boolean single =
          Character.isLetter(before)
              && (last == 1 || !Character.isLetterOrDigit(held.charAt(last - 2)));
      if (single || Character.isDigit(before)) {
        return false;
      }
    }
    return held.chars().anyMatch(Character::isLetterOrDigit);
  }

  private boolean endsClause() {
    return held.length() >= release.clauseChars()
        && CLAUSE_ENDS.indexOf(held.charAt(held.length() - 1)) >= 0;
  }

  private void releaseAllButTail(long nowNanos, List<String> segments) {
    int limit = held.length() - tailChars;
    if (limit <= 0) {
      return;
    }
    int cut = limit;
    while (cut > 0 && !Character.isWhitespace(held.charAt(cut - 1))) {
      cut--;
    }
    if (cut == 0 && held.length() < holdChars) {
      return;
    }
    if (cut == 0) {
      cut = Character.isLowSurrogate(held.charAt(limit)) ? limit - 1 : limit;
    }
    // The last word may go on: it is judged once it is whole.
    int judged = held.length();
    while (judged > cut && Character.isLetterOrDigit(held.charAt(judged - 1))) {
      judged--;
    }
    release(cut, judged, nowNanos, segments);
  }

  /// Shows the first `cut` held characters if the first `judged` break no rule.
  private void release(int cut, int judged, long nowNanos, List<String> segments) {
    int from = contextStart();
    var found = rules.check(shown.substring(from) + held.substring(0, judged));
    if (found.isPresent()) {
      var verdict = found.get();
      block(
          new Verdict(
              verdict.rule(),
              verdict.place(),
              verdict.action(),
              from + verdict.start(),
              from + verdict.end()));
    } else if (cut > 0) {
      var segment = held.substring(0, cut);
      segments.add(segment);
      shown.append(segment);
      held.delete(0, cut);
      heldSince = nowNanos;
    }
  }

  private int contextStart() {
    int start = Math.max(0, shown.length() - CONTEXT_CHARS);
    while (start > 0 && start < shown.length() && !Character.isWhitespace(shown.charAt(start))) {
      start++;
    }
    return start;
  }
}
