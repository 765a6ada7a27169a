package vesper.npc;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import vesper.pack.v1.Predicate;

/// Ways to say where one is at home.
final class HomeStatements {

  private static final String PLACED =
      "((?:in|on|at|near|by|above|below|beneath|under|behind|beside|beyond|over|across from"
          + "|across|next to"
          + "|outside|between|off|among|up|down)\\b .+)";

  static final List<Statement> ALL =
      List.of(
          Statement.ofValue(
              "i(?:'m| am|m)? "
                  + Statement.ADVERBS
                  + "(?:(?:come|came|hail|travelled here) )?(?:all the way |straight )?from (.+)",
              HomeStatements::home),
          Statement.ofValue(
              "i(?:'ve| have)? "
                  + Statement.ADVERBS
                  + "(?:live|lived all my life|dwell|reside|lodge|sleep|make my home|grew up"
                  + "|was born and raised"
                  + "|was born|was raised|was brought up|spent (?:all )?my (?:childhood"
                  + "|youth))(?: (?:alone|now))* "
                  + PLACED,
              HomeStatements::home),
          Statement.ofValue("i(?:'ve| have) always lived " + PLACED, HomeStatements::home),
          Statement.ofValue(
              "i have (?:a|my) (?:room|home|house|flat|bed) " + PLACED, HomeStatements::home),
          Statement.ofValue(
              "my (?:(?:old|only|true|real) )?(?:home|home ?town|birthplace|village"
                  + "|house) is (?:called )?(.+)",
              HomeStatements::home),
          Statement.ofValue("home (?:for me )?is (.+)", HomeStatements::home));

  private static final Pattern AT =
      Pattern.compile("(?:in|on|at|from) (.+)", Pattern.CASE_INSENSITIVE);
  private static final Pattern BESIDE = Pattern.compile(PLACED, Pattern.CASE_INSENSITIVE);
  private static final Pattern END =
      Pattern.compile(
          "\\s(?:until|till|before|since|when|while|as a (?:child|boy|girl)|these days"
              + "|for (?:now|a while"
              + "|(?:\\w+ )?years|(?:\\w+ )?months)|with (?:my|her|him)|right now|nowadays|now"
              + "|originally|and)\\b.*"
              + "|,\\s(?!(?:near|by|in|on|at|past|beyond|above|below|under|north|south|east|west"
              + "|off|behind|just"
              + "|across)\\b).*",
          Pattern.CASE_INSENSITIVE);
  private static final Pattern NO_PLACE =
      Pattern.compile(
          "(?:fear|hope|peace|sin|vain|danger|pain|grief|exile|the past|my head|the moment|hell"
              + "|bread.*|credit"
              + "|a long line .*|far away|far off|afar|out of town|away|abroad|work|him|them|her"
              + "|you|me|home"
              + "|where .*|wherever .*|places? .*you.*|gone|lost|burnt.*|burned.*|not.*|no.*"
              + "|far .*|quiet|cold"
              + "|small|empty|beautiful|big|old|safe|a mess)",
          Pattern.CASE_INSENSITIVE);

  private HomeStatements() {}

  private static List<Fact> home(String words) {
    return Clauses.ownWords(END.matcher(words).replaceFirst(""))
        .map(HomeStatements::place)
        .filter(place -> !NO_PLACE.matcher(place).matches())
        .map(Perspective::turned)
        .map(place -> Fact.ofPlayer(Predicate.PREDICATE_HOME, place))
        .stream()
        .toList();
  }

  /// Returns the place in the form that follows "from": "by the sea" is a place by the sea.
  private static String place(String words) {
    var at = AT.matcher(words);
    if (at.matches()) {
      return at.group(1);
    }
    if (!BESIDE.matcher(words).matches()) {
      return words;
    }
    return "a place " + words.substring(0, 1).toLowerCase(Locale.ROOT) + words.substring(1);
  }
}
