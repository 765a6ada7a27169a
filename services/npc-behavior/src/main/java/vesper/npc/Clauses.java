package vesper.npc;

import java.util.Optional;
import java.util.regex.Pattern;

/// Where what somebody says about one thing ends within a sentence.
final class Clauses {

  /// The next clause is about something else.
  private static final Pattern NEXT =
      Pattern.compile(
          "(?:,|\\s[-–—])\\s*(?:but|so|because|since|though|although|and (?:i|you|we|he|she|it"
              + "|they|then|my|that)"
              + "|i|you|okay|ok|sir|madam|friend|you know|you see|if you must know|to be honest"
              + "|actually"
              + "|honestly|believe me)\\b.*"
              + "|\\s(?:but|although|though|because)\\s.*"
              + "|\\sand (?:i|i'm|i've|i'll|my|you|we)\\s.*"
              + "|[:(].*",
          Pattern.CASE_INSENSITIVE);

  private static final Pattern FILLER =
      Pattern.compile(
          "[, ]+(?:too|as well|you know|you see|actually|really|honestly|sir|madam"
              + "|(?:my )?friend|please|though"
              + "|(?:the )?most|above all(?: else)?|more than (?:anything"
              + "|all)(?: else)?(?: in the world)?"
              + "|if you must know|to be honest)$",
          Pattern.CASE_INSENSITIVE);

  private static final Pattern EMPTY =
      Pattern.compile(
          "(?:it|that|this|these|those|him|her|them|so|not|no|nothing|nobody|no one|none"
              + "|anything|anyone"
              + "|everything|something|someone|here|there|nowhere|somewhere|everywhere|no .*"
              + "|nothing .*)?",
          Pattern.CASE_INSENSITIVE);

  private Clauses() {}

  /// Returns what the words say of one thing, turned to the listener; empty when they name nothing.
  static Optional<String> value(String words) {
    return ownWords(words).map(Perspective::turned);
  }

  /// Returns what the words say of one thing, as they are said.
  static Optional<String> ownWords(String words) {
    var said = Texts.trim(NEXT.matcher(words).replaceFirst(""));
    var filler = FILLER.matcher(said);
    while (filler.find()) {
      said = said.substring(0, filler.start());
      filler.reset(said);
    }
    said = Texts.trim(said);
    return EMPTY.matcher(said).matches() ? Optional.empty() : Optional.of(said);
  }
}
