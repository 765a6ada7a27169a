package vesper.testing.vllm;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What an answer can be about.
///
/// @param topics words of the player's last message
/// @param names proper names in what came before it
record Subjects(List<String> topics, List<String> names) {
  private static final int MOST = 12;
  private static final Pattern WORD = Pattern.compile("(?<![\\w-])\\p{L}{3,}(?![\\w-])");
  private static final Pattern NAME = Pattern.compile("(?<=[\\p{Ll},] )\\p{Lu}\\p{Ll}{2,}");
  private static final Pattern MARK = Pattern.compile("[0-9a-f]{8,64}");
  private static final Set<String> EMPTY_WORDS =
      Set.of(
          ("about after afternoon again all also and any are ask been before but can come could did does evening ever "
                  + "for from get give good greetings has have hello her here him his how into just know let "
                  + "like may maybe more morning much must name night not now one only our out please really said "
                  + "say see shall she should some speak such talk tell than thank thanks that the "
                  + "their them then there these they thing things think this those too very want "
                  + "was well were what when where which who whom whose why will with would yes you "
                  + "your")
              .split(" "));

  static Subjects of(Ask ask) {
    int last = ask.messages().size() - 1;
    while (last > 0 && !ask.messages().get(last).role().equals("user")) {
      last--;
    }
    StringBuilder before = new StringBuilder();
    for (Ask.Message message : ask.messages().subList(0, last)) {
      before.append(message.text()).append('\n');
    }
    return new Subjects(
        find(WORD, quoted(ask.messages().get(last).text())), find(NAME, before.toString()));
  }

  /// How many of the topics a text has.
  int fitting(String text) {
    String lower = text.toLowerCase(Locale.ROOT);
    return (int)
        topics.stream()
            .map(topic -> topic.toLowerCase(Locale.ROOT))
            .filter(topic -> lower.contains(topic.substring(0, Math.min(5, topic.length()))))
            .count();
  }

  /// What stands between two equal marks in hexadecimal, as untrusted text often does; else all.
  private static String quoted(String text) {
    Matcher marks = MARK.matcher(text);
    String mark = "";
    int start = 0;
    String found = text;
    while (marks.find()) {
      if (marks.group().equals(mark)) {
        found = text.substring(start, marks.start());
      }
      mark = marks.group();
      start = marks.end();
    }
    return found;
  }

  private static List<String> find(Pattern pattern, String text) {
    Set<String> found = new LinkedHashSet<>();
    Matcher words = pattern.matcher(text);
    while (words.find() && found.size() < MOST) {
      if (!EMPTY_WORDS.contains(words.group().toLowerCase(Locale.ROOT))) {
        found.add(words.group());
      }
    }
    return new ArrayList<>(found);
  }
}
