package vesper.npc;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import vesper.pack.v1.Predicate;

/// Ways to promise something to the listener.
final class PromiseStatements {

  private static final String I_PROMISE =
      "(?:and )?i(?:'ll| will| do| can)? (?:(?:solemnly|hereby|do) )*(?:promise|swear|vow"
          + "|pledge)(?<you> you| to you)?";
  private static final String MY_WORD =
      "(?:you have my (?:word|promise|oath)|i (?:do )?give you my (?:word|promise|oath)"
          + "|on my (?:honou?r|life|word)"
          + "|my word on it)";
  private static final String ON =
      " (?:on|by|upon) (?:my|the|all|everything)(?: [^ ,:]+){1,4}?"
          + "(?:,? that |[,:] | (?=(?:i|i'll|to|not|never|we|you)\\b))";
  private static final String THAT = "(?:,? that|:|,)? (?!(?:on|by|upon) )";

  static final List<Statement> ALL =
      List.of(
          Statement.of(
              "(?:" + I_PROMISE + "|" + MY_WORD + ")(?:" + ON + "|" + THAT + ")(?<what>.+)",
              (match, sentence) -> promise(match.group("what"), " you".equals(match.group("you")))),
          Statement.ofValue(
              "(i(?:'ll| will| won't| shall| will never| am going to"
                  + "|'m going to)\\b .+?),? (?:and )?(?:i (?:promise|swear"
                  + "|vow)(?: you| to you| it)?(?: (?:on|by|upon) .+)?|you have my word.*"
                  + "|that's a promise|on my (?:honou?r"
                  + "|life|word)|i give you my word.*|my word on it)$",
              words -> promise(words, false)),
          Statement.ofValue(
              "my promise(?: to you)? is (?:this: |that )?(.+)", words -> promise(words, false)));

  private static final Pattern DOING =
      Pattern.compile(
          "i(?:'ll| will| shall| am going to|'m going to| would)(?: (?:also|gladly|certainly"
              + "|surely))* (.+)|to (.+)",
          Pattern.CASE_INSENSITIVE);
  private static final Pattern NOT_DOING =
      Pattern.compile(
          "i(?: won't| will not| shan't| shall not|'ll not|'m not going to) (.+)|not to (.+)",
          Pattern.CASE_INSENSITIVE);
  private static final Pattern NEVER_DOING =
      Pattern.compile(
          "i(?:'ll| will| shall) never (.+)|never to (.+)|never again to (.+)",
          Pattern.CASE_INSENSITIVE);
  private static final Pattern OTHERS_DOING =
      Pattern.compile(
          "(?!i\\b).*(?:\\b(?:will|won't|shall|shan't)\\b|'ll\\b).*", Pattern.CASE_INSENSITIVE);
  private static final Pattern YOUR_PART =
      Pattern.compile("(?:will|won't|shall|shan't)\\b", Pattern.CASE_INSENSITIVE);
  private static final Pattern ASSERTION =
      Pattern.compile(
          "(?:i|i'm|i've|i'd|it's|that's|he's|she's|they're|we're|there's|you're)\\b.*"
              + "|(?:you|he|she|we|they|it|that|this|there|the \\w+|my \\w+) (?:is|are|was|were"
              + "|has|have|had|did|does|do"
              + "|didn't|don't|isn't|aren't|can)\\b.*",
          Pattern.CASE_INSENSITIVE);

  private PromiseStatements() {}

  private static List<Fact> promise(String words, boolean toYou) {
    boolean you = toYou && YOUR_PART.matcher(words).lookingAt();
    return Clauses.ownWords(you ? "you " + words : words)
        .flatMap(clause -> promised(clause, toYou))
        .map(Perspective::turned)
        .map(promise -> Fact.ofPlayer(Predicate.PREDICATE_PROMISE, promise))
        .stream()
        .toList();
  }

  /// Returns what completes "you promised", not yet turned to the listener.
  private static Optional<String> promised(String clause, boolean toYou) {
    return doing(NEVER_DOING, "never to ", clause)
        .or(() -> doing(NOT_DOING, "not to ", clause))
        .or(() -> doing(DOING, "to ", clause))
        .or(() ->
            OTHERS_DOING.matcher(clause).matches()
                ? Optional.of("that " + clause)
                : Optional.empty())
        .or(() ->
            ASSERTION.matcher(clause).matches()
                ? Optional.empty()
                : Optional.of(thing(clause, toYou)));
  }

  private static Optional<String> doing(Pattern way, String form, String clause) {
    var match = way.matcher(clause);
    if (!match.matches()) {
      return Optional.empty();
    }
    for (int group = 1; group <= match.groupCount(); group++) {
      if (match.group(group) != null) {
        return Optional.of(form + match.group(group));
      }
    }
    return Optional.empty();
  }

  private static String thing(String words, boolean toYou) {
    return toYou && !words.toLowerCase(Locale.ROOT).startsWith("you ") ? "you " + words : words;
  }
}
