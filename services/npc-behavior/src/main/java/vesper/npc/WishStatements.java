package vesper.npc;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import vesper.pack.v1.Predicate;

/// Ways to say what one wishes for. What one wants at this moment of the listener, as in "I want to
/// buy a knife", is none.
final class WishStatements {

  private static final String SOMEDAY =
      "(?:.* )?(?:someday|some day|one day|before i die|again|more than anything.*|most of all"
          + "|above all.*)";
  private static final String WISH =
      "(?:my |the )(?:(?:greatest|biggest|dearest|deepest|only|one|last|secret|true|fondest"
          + "|lifelong) )*"
          + "(?:wish|dream|hope|desire|longing)(?: of mine)? (?:is|has always been|was always)";

  static final List<Statement> ALL =
      List.of(
          Statement.ofValue(
              "i " + Statement.ADVERBS + "wish (?:that )?(.+)", WishStatements::wished),
          Statement.ofValue("if only (.+)", WishStatements::wished),
          Statement.ofValue(
              "i(?:'ve| have)? (?:(?:always|long|ever|only ever|forever) )+"
                  + "(?:wanted|dreamed|dreamt|longed|hoped|wished|yearned) (.+)",
              WishStatements::longing),
          Statement.ofValue(
              "i(?:'m| am)? "
                  + Statement.ADVERBS
                  + "(?:dream|dreaming|long|longing|yearn|yearning|ache|hope|hoping) ((?:to|of"
                  + "|for)\\b .+)",
              WishStatements::longing),
          Statement.ofValue(WISH + " (.+)", WishStatements::longing),
          Statement.ofValue(
              "(?:all|what) i (?:really |ever |truly )*(?:want|wanted|wish for|desire|long for)"
                  + "(?: (?:the )?most| more than anything| in (?:this|the) world)* is (.+)",
              WishStatements::longing),
          Statement.ofValue("more than anything,? i want (.+)", WishStatements::longing),
          Statement.ofValue(
              "i " + Statement.ADVERBS + "want (to " + SOMEDAY + ")$", WishStatements::longing),
          Statement.ofValue(
              "i(?:'d| would) (?:love|give anything|like nothing (?:more|better) than) (to "
                  + SOMEDAY
                  + ")$",
              WishStatements::longing));

  private static final Pattern OF_THE_MOMENT =
      Pattern.compile(
          "to (?:buy|sell|trade|ask|know|hear|talk|speak|pay|learn more|tell|see your"
              + "|have a look|do business"
              + "|say|kill|hurt)\\b.*|you (?:well|luck|good|the best|a good|happiness|all)\\b.*"
              + "|i had (?!an?\\b"
              + "|the\\b|my\\b|some\\b|more\\b|another\\b|enough\\b|someone\\b|one\\b|two\\b).*"
              + "|i (?:hadn't|could"
              + " have|would have)\\b.*",
          Pattern.CASE_INSENSITIVE);

  /// Clauses that can follow "I wish", and what they wish, group by group.
  private static final List<Wished> CLAUSES =
      List.of(
          new Wished("i could (?:just |only )?(.+)", match -> "to " + match.group(1)),
          new Wished("i (?:were|was) not (.+)", match -> "not to be " + match.group(1)),
          new Wished("i (?:weren't|wasn't) (.+)", match -> "not to be " + match.group(1)),
          new Wished("i (?:didn't|did not) (.+)", match -> "not to " + match.group(1)),
          new Wished("i (?:couldn't|would not|wouldn't) (.+)", match -> "not to " + match.group(1)),
          new Wished("i would (.+)", match -> "to " + match.group(1)),
          new Wished(
              "i (had|knew|was|were|owned|lived|spoke|understood|remembered|belonged) (.+)",
              match -> "to " + VerbForms.base(match.group(1)) + " " + match.group(2)),
          new Wished("(?:to|for) .+", match -> longed(match.group())),
          new Wished(
              "(?!i\\b)(.+?) (?:wouldn't|would not) (.+)",
              match -> object(match.group(1)) + " not to " + match.group(2)),
          new Wished(
              "(?!i\\b)(.+?) would (.+)",
              match -> object(match.group(1)) + " to " + match.group(2)),
          new Wished(
              "(?!i\\b)(.+?) could (.+)",
              match -> object(match.group(1)) + " to be able to " + match.group(2)),
          new Wished(
              "(?!i\\b)(.+?) (?:were|was) (.+)",
              match -> object(match.group(1)) + " to be " + match.group(2)));

  private record Wished(Pattern pattern, Function<MatchResult, String> wish) {

    Wished(String pattern, Function<MatchResult, String> wish) {
      this(Pattern.compile(pattern, Pattern.CASE_INSENSITIVE), wish);
    }

    Optional<String> of(String clause) {
      var matcher = pattern.matcher(clause);
      return matcher.matches()
          ? Optional.of(wish.apply(matcher.toMatchResult()))
          : Optional.empty();
    }
  }

  private WishStatements() {}

  private static List<Fact> wished(String words) {
    return Clauses.ownWords(words)
        .filter(clause -> !OF_THE_MOMENT.matcher(clause).matches())
        .flatMap(
            clause -> CLAUSES.stream().flatMap(wished -> wished.of(clause).stream()).findFirst())
        .map(WishStatements::fact)
        .stream()
        .toList();
  }

  private static List<Fact> longing(String words) {
    return Clauses.ownWords(words)
        .map(WishStatements::longed)
        .filter(wish -> !wish.matches("(?i)(?:that|not|i|you|so)\\b.*"))
        .filter(wish -> !OF_THE_MOMENT.matcher(wish).matches())
        .map(WishStatements::fact)
        .stream()
        .toList();
  }

  /// Returns what completes "you want": "of sailing north" becomes "to sail north".
  private static String longed(String words) {
    var match =
        Pattern.compile("(?:(of|for|to) )?(\\S+)(.*)", Pattern.CASE_INSENSITIVE).matcher(words);
    if (!match.matches()) {
      return words;
    }
    var preposition = match.group(1);
    if (preposition != null && preposition.equalsIgnoreCase("to")) {
      return "to " + match.group(2) + match.group(3);
    }
    boolean doing =
        match.group(2).matches("(?i)(?!something|nothing|anything|king|ring|spring)\\w{2,}ing");
    return doing
        ? "to " + VerbForms.infinitive(match.group(2)) + match.group(3)
        : match.group(2) + match.group(3);
  }

  private static String object(String subject) {
    return switch (subject.toLowerCase(Locale.ROOT)) {
      case "he" -> "him";
      case "she" -> "her";
      case "they" -> "them";
      case "we" -> "us";
      default -> subject;
    };
  }

  private static Fact fact(String wish) {
    return Fact.ofPlayer(Predicate.PREDICATE_WISH, Perspective.turned(wish));
  }
}
