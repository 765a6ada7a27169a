package vesper.npc;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import vesper.npc.Utterance.Sentence;

/// Finds the facts that a player states about themself.
///
/// A statement is recognised only where a clause begins, after words such as "well" or "you should
/// know that". So what is denied, asked, supposed or told of others does not look like one: "he
/// said I am from Harrow" does not begin with "I am from". What comes before and after in the
/// sentence can still take it back.
final class FactReader {

  private static final List<Statement> STATEMENTS =
      Stream.of(
              PromiseStatements.ALL,
              NameStatements.ALL,
              KinStatements.ALL,
              HomeStatements.ALL,
              FearStatements.ALL,
              WishStatements.ALL)
          .flatMap(List::stream)
          .toList();

  private static final Pattern CLAUSE_START =
      Pattern.compile(
          "[,:(]\\s*|\\s[-–—]+\\s|\\s(?:and|but|because|so|although|though)\\s(?:that )?");

  private static final Pattern OPENING =
      Pattern.compile(
          "(?:(?:well|oh|ah|aye|hello|hi|hey|greetings|good (?:morning|day|evening|afternoon"
              + "|night)|so|and|but"
              + "|then|now|honestly|truly|frankly|listen|look|see|yes|yeah|no|sorry|please"
              + "|friend|stranger"
              + "|remember|sadly|these days|for my part|and yes|actually|in truth|in fact"
              + "|you see|you know"
              + "|as you know|by the way|as i said|like i said|as i told you|to be honest"
              + "|honest(?:ly)?"
              + "|to tell (?:you )?the truth|(?:the )?truth is|truth be told|the thing is"
              + "|the fact is"
              + "|(?:you )?(?:should|must|ought to) know|know|i (?:must|should|have to|want to"
              + "|will) (?:tell you"
              + "|confess|admit)|i (?:just |only )?want(?:ed)? you to know|let me tell you"
              + "|i (?:confess|admit)"
              + "|it's true|it is true|for what it's worth|since you ask|if you must know"
              + "|if you want to know"
              + "|let it be known)(?:(?: that)?[,:]?\\s+))+",
          Pattern.CASE_INSENSITIVE);

  private static final Pattern SUPPOSED =
      Pattern.compile(
          "\\b(?:if|unless|suppos(?:e|ed|ing)|imagine|pretend(?:ed|ing)?|assum(?:e|ing)|whether"
              + "|perhaps|maybe"
              + "|let's say|as if|as though|in case|dream(?:t|ed) that|lied?|lying|jok(?:e|ed"
              + "|ing))\\b",
          Pattern.CASE_INSENSITIVE);

  private static final String SAYING =
      "(?:said|says?|saying|told|tells?|asked|asks|thinks?|thought|believes?|believed|claims?"
          + "|claimed|writes?"
          + "|wrote|insists?|insisted|sings?|sang|shouted|whispered|answered|replied|cried|swore"
          + "|swears)";

  private static final Pattern TOLD_OF_OTHERS =
      Pattern.compile(
          "(?:^|\\s)(?!(?:i|you|we)\\s)\\S+\\s(?:\\w+ly\\s|always\\s|once\\s|never\\s|just\\s)?"
              + SAYING
              + "\\b|\\btold (?:him|her|them)\\b",
          Pattern.CASE_INSENSITIVE);

  private static final Pattern TAKEN_BACK =
      Pattern.compile(
          ",?\\s(?:(?:he|she|they|it|my \\w+|the \\w+|(?-i:\\p{Lu})\\w+) (?:once |always )?"
              + SAYING
              + "|(?:just|only) (?:kidding|joking)|i'm (?:just )?(?:joking|kidding|lying)"
              + "|not really|or not"
              + "|or so (?:they|he|she|i'm|people) .*|supposedly|not|in (?:a|the|my"
              + "|this) (?:dream|story|play|song"
              + "|book|game)s?)[.!]*$|,\\s(?:he|she|they) "
              + SAYING
              + "\\b",
          Pattern.CASE_INSENSITIVE);

  private static final Pattern ASKING_CLAUSE =
      Pattern.compile(
          "(?:,|\\s(?:and|but|so)|\\s[-–—])\\s*(?=(?:what|who|where|when|why|how|which|and you"
              + "|you|do you|did you"
              + "|can you|could you|would you|will you|are you|have you|is there|is that|is it"
              + "|any|may i|can i"
              + "|could i|shall)\\b)",
          Pattern.CASE_INSENSITIVE);

  private static final Pattern TAG =
      Pattern.compile(
          "(?:right|no|yes|eh|okay|ok|correct|remember|see|you know|you see|is it|isn't it"
              + "|was it|wasn't it"
              + "|are you|am i|aren't i|don't i|do i|didn't i|you remember|yeah|huh)",
          Pattern.CASE_INSENSITIVE);

  private static final Pattern INVERTED =
      Pattern.compile(
          "(?:(?:what|who|where|when|why|how|which|whose)(?:'s|'re|'d)?(?: (?!i\\b)\\S+)?"
              + " (?:is|are|am|was|were|do|does|did|have|has|had|can|could|would|will|should"
              + "|shall|might|may)\\b"
              + "|(?:what|who|where|when|why|how)'s\\b"
              + "|(?:is|are|am|was|were|do|does|did|can|could|would|will|shall|should|have|has"
              + "|had|may|might"
              + "|isn't|aren't|wasn't|don't|doesn't|didn't|won't|can't|couldn't|wouldn't|haven't"
              + "|hasn't)"
              + " (?:i|you|he|she|it|we|they|my|your|his|her|our|their|the|this|that|there"
              + "|any\\w*|some\\w*)\\b).*",
          Pattern.CASE_INSENSITIVE);

  private static final int MOST_CLAUSES = 20;

  private FactReader() {}

  /// Returns the facts of all sentences, as [#newest] does.
  static List<Fact> read(Utterance utterance) {
    return newest(
        utterance.sentences().stream().map(sentence -> read(utterance, sentence)).toList());
  }

  /// Returns facts in the order in which they are stated; of two about the same thing the later
  /// one.
  static List<Fact> newest(List<List<Fact>> bySentence) {
    List<Fact> newest = new ArrayList<>();
    for (var fact : bySentence.stream().flatMap(List::stream).toList()) {
      newest.removeIf(earlier -> earlier.isAbout(fact.subject(), fact.predicate()));
      newest.add(fact);
    }
    return List.copyOf(newest);
  }

  /// Returns the facts of one sentence of an utterance.
  static List<Fact> read(Utterance utterance, Sentence sentence) {
    return newest(
        List.of(
            read(sentence).stream()
                .map(fact ->
                    new Fact(fact.subject(), fact.predicate(), utterance.restored(fact.value())))
                .toList()));
  }

  /// Whether a sentence asks, by its mark or by its order of words.
  static boolean asks(Sentence sentence) {
    return sentence.question() || INVERTED.matcher(withoutOpening(sentence.text())).matches();
  }

  private static List<Fact> read(Sentence sentence) {
    var text = sentence.question() ? statedBeforeAsking(sentence.text()) : sentence.text();
    if (text.isEmpty() || TAKEN_BACK.matcher(text).find()) {
      return List.of();
    }
    int from = 0;
    var starts = CLAUSE_START.matcher(text);
    List<Fact> facts = new ArrayList<>();
    for (int clauses = 0; clauses < MOST_CLAUSES; clauses++) {
      var before = text.substring(0, from);
      if (SUPPOSED.matcher(before).find() || TOLD_OF_OTHERS.matcher(before).find()) {
        break;
      }
      var clause = withoutOpening(text.substring(from));
      if (INVERTED.matcher(clause).matches()) {
        break;
      }
      facts.addAll(first(STATEMENTS, statement -> statement.read(clause, sentence)));
      if (!starts.find()) {
        break;
      }
      from = starts.end();
    }
    return facts;
  }

  private static <S> List<Fact> first(List<S> ways, Function<S, List<Fact>> reading) {
    return ways.stream()
        .map(reading)
        .filter(facts -> !facts.isEmpty())
        .findFirst()
        .orElse(List.of());
  }

  /// Returns what is stated before the last clause of a question asks: nothing when all of it asks,
  /// or when the last clause only asks whether the rest is right.
  private static String statedBeforeAsking(String question) {
    int comma = question.lastIndexOf(',');
    if (comma >= 0 && TAG.matcher(question.substring(comma + 1).strip()).matches()) {
      return "";
    }
    var asking = ASKING_CLAUSE.matcher(question);
    return asking.find() ? question.substring(0, asking.start()) : "";
  }

  private static String withoutOpening(String clause) {
    var opening = OPENING.matcher(clause);
    return opening.lookingAt() ? clause.substring(opening.end()) : clause;
  }
}
