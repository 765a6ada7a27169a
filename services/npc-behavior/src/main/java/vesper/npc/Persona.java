package vesper.npc;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import vesper.pack.v1.Acquaintance;
import vesper.pack.v1.Npc;
import vesper.pack.v1.Topic;
import vesper.pack.v1.Voice;
import vesper.worldpack.Line;

/// Who a person is, as a model is told: the same words for every player and every moment. What the
/// person keeps from anybody is not in it.
final class Persona {
  private static final int LONGEST = 6_000;
  private static final double LOW = .34;
  private static final double HIGH = .66;

  private Persona() {}

  /// Writes a person down.
  ///
  /// @param place where it is found
  /// @param region around it
  /// @param names of all people, by id
  static String of(Npc npc, String place, String region, Map<String, String> names) {
    List<String> parts = new ArrayList<>();
    parts.add(
        "You are %s, %s, and found at %s in %s. %s"
            .formatted(npc.getName(), npc.getTitle(), place, region, npc.getPersona()));
    parts.add("How you speak: " + npc.getVoice().getStyle() + " " + manner(npc.getVoice()));
    parts.add(rules(npc));
    var known = new StringBuilder();
    int left = LONGEST - parts.stream().mapToInt(part -> part.length() + 2).sum();
    left = list(known, "What you tell anyone who asks:", topics(npc), left);
    list(known, "What you say of others:", people(npc, names), left);
    parts.add(2, known.toString().strip());
    return String.join("\n\n", parts.stream().filter(part -> !part.isEmpty()).toList());
  }

  private static String manner(Voice voice) {
    return "You are %s and %s, and %s. Someone whose name you do not know you call %s."
        .formatted(
            word(voice.getFormality(), "plain-spoken", "neither stiff nor loose", "formal"),
            word(voice.getWarmth(), "cool", "civil", "warm"),
            word(voice.getVerbosity(), "say little", "say what is needed", "like to talk"),
            voice.getAddress());
  }

  private static String word(double value, String low, String middle, String high) {
    return value < LOW ? low : value > HIGH ? high : middle;
  }

  private static String rules(Npc npc) {
    return """
    Answer in character, in your own voice, in one to three short sentences, and with words alone.
    Speak to what the player said. What you do not know you do not make up: say that you do not know.
    %sWhere the player's words move your feelings you may take the action change_relation, with trust, affection, \
    respect and fear from -5 to 5 each.\
    """
        .formatted(npc.getNeverLies() ? "You never say what is not so.\n" : "");
  }

  private static List<String> topics(Npc npc) {
    return npc.getKnowledgeList().stream()
        .filter(topic -> !topic.getSecret())
        .filter(topic -> topic.getMinStanding() <= Topic.getDefaultInstance().getMinStanding())
        .flatMap(topic ->
            topic.getTextList().stream()
                .filter(Persona::isPlain)
                .limit(1)
                .map(text -> "- %s: %s".formatted(topic.getName(), text)))
        .toList();
  }

  private static List<String> people(Npc npc, Map<String, String> names) {
    return npc.getRelationsList().stream()
        .filter(other -> names.containsKey(other.getNpc()))
        .map(other ->
            "- %s, your %s%s".formatted(names.get(other.getNpc()), other.getKind(), says(other)))
        .toList();
  }

  private static String says(Acquaintance other) {
    return other.getSaysList().stream()
        .filter(Persona::isPlain)
        .findFirst()
        .map(text -> ": " + text)
        .orElse("");
  }

  private static boolean isPlain(String line) {
    return Line.parse(line).slots().isEmpty();
  }

  /// Adds as many lines as have room, and returns the room that is left.
  private static int list(StringBuilder to, String title, List<String> lines, int room) {
    int left = room - title.length() - 2;
    boolean titled = false;
    for (var line : lines) {
      if (line.length() + 1 > left) {
        break;
      }
      if (!titled) {
        to.append(to.isEmpty() ? "" : "\n").append(title).append('\n');
        titled = true;
      }
      to.append(line).append('\n');
      left -= line.length() + 1;
    }
    return left;
  }
}
