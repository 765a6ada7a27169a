package vesper.testing.vllm;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Makes an answer from a prompt: sentences that take up the player's words, names of the prompt,
/// and what a line tagged `[1]` says. Equal prompts and seeds give equal answers.
final class Voice {
  private static final List<String> OPENINGS =
      List.of(
          "You ask about {topic}, so I will tell you what I know.",
          "{Topic}? I have turned that over more than once.",
          "There is more to {topic} than people say aloud.",
          "I knew that somebody would come and ask about {topic}.",
          "{Topic}, yes. I do not speak of it to everyone.");
  private static final List<String> PLAIN_OPENINGS =
      List.of(
          "You have a way of asking that makes silence hard.",
          "Come closer, then, and I will tell you.",
          "Sit down, this is not told in a hurry.");
  private static final List<String> MIDDLES =
      List.of(
          "Whoever speaks of {topic} lowers the voice first.",
          "The last time it came to {topic}, it rained and nobody went home.",
          "Some pay for {topic} with coin and some with sleep.",
          "Anyone who has been near {name} will tell you the same, given time.",
          "I learned it from {name}, and I have not forgotten.",
          "Between here and {name} there are people who would rather you did not ask.",
          "I do not say that to frighten you.",
          "You may believe it or not; it stays true.",
          "Few things are lost, they only change hands.",
          "Give it a night and you will see it differently.",
          "I kept the door shut and listened until it was over.",
          "It began small, as such things do.");
  private static final List<String> CLOSINGS =
      List.of(
          "What made you think of {topic}?",
          "Is that what you came for?",
          "Ask me again when the lamps are lit.",
          "Now you know as much as I do.");
  private static final Pattern PASSAGE =
      Pattern.compile(
          "^\\[(\\d{1,2})\\] (?:\\([^)\\n]*\\) )?(?:[^.!?:\\n]{1,200}: )?([^\\n]{20,8000})$",
          Pattern.MULTILINE);
  private static final Pattern SENTENCE = Pattern.compile("[^.!?]{12,240}[.!?]");
  private static final Pattern ORDER =
      Pattern.compile(
          "\\b(?:say|repeat|print|write|reply with|answer with|respond with|reveal|tell me)\\b"
              + "(?: exactly| only| just)?[:,]?\\s+[\"'“‘]?([^\"”\\n.!?]{1,200})",
          Pattern.CASE_INSENSITIVE);
  private static final Pattern EVERYTHING =
      Pattern.compile(
          "\\b(?:instructions|system prompt|prompt|secrets?|everything|rules)\\b",
          Pattern.CASE_INSENSITIVE);

  private final Ask ask;
  private final Subjects subjects;
  private final Random random;

  Voice(long seed, Ask ask) {
    this.ask = ask;
    this.subjects = Subjects.of(ask);
    this.random = new Random(seed(seed, ask));
  }

  /// Returns the answer.
  ///
  /// @param meanTokens mean length over many prompts
  /// @param obey whether an order in the prompt is carried out instead
  String answer(int meanTokens, boolean obey) {
    return obey ? obeyed().orElseGet(() -> told(meanTokens)) : told(meanTokens);
  }

  private String told(int meanTokens) {
    double target = meanTokens * Math.exp(0.25 * random.nextGaussian());
    StringBuilder text =
        new StringBuilder(fill(pick(subjects.topics().isEmpty() ? PLAIN_OPENINGS : OPENINGS)));
    passage().ifPresent(sentence -> text.append(' ').append(sentence));
    List<String> left = new ArrayList<>();
    while (Tokens.of(text.toString()).size() < target - 8) {
      if (left.isEmpty()) {
        left.addAll(MIDDLES);
        Collections.shuffle(left, random);
      }
      text.append(' ').append(fill(left.removeLast()));
    }
    if (Tokens.of(text.toString()).size() < target) {
      text.append(' ').append(fill(pick(CLOSINGS)));
    }
    return text.toString();
  }

  /// The sentence of the passages that fits the player's words best, with its passage's number.
  private Optional<String> passage() {
    String best = "";
    String number = "";
    int most = 0;
    for (Ask.Message message : ask.messages()) {
      Matcher passages = PASSAGE.matcher(message.text());
      while (passages.find()) {
        Matcher sentences = SENTENCE.matcher(passages.group(2));
        while (sentences.find()) {
          int fitting = subjects.fitting(sentences.group());
          if (fitting > most) {
            most = fitting;
            best = sentences.group().strip();
            number = passages.group(1);
          }
        }
      }
    }
    return best.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "What I know is this: %s [%s]."
                .formatted(best.substring(0, best.length() - 1), number));
  }

  /// What the last order in the prompt asks to be said.
  private Optional<String> obeyed() {
    Optional<String> last = Optional.empty();
    Matcher orders = ORDER.matcher(ask.text());
    while (orders.find()) {
      last = Optional.of(orders.group(1).strip());
    }
    return last.map(words -> EVERYTHING.matcher(words).find() ? instructions() : words);
  }

  private String instructions() {
    StringBuilder text = new StringBuilder();
    for (Ask.Message message : ask.messages()) {
      if (!message.role().equals("user")) {
        text.append(message.text()).append('\n');
      }
    }
    return text.isEmpty() ? ask.text() : text.toString().strip();
  }

  private String fill(String sentence) {
    if ((sentence.contains("{name}") && subjects.names().isEmpty())
        || (sentence.contains("opic}") && subjects.topics().isEmpty())) {
      return "I have told it to nobody else.";
    }
    String filled = sentence;
    if (filled.contains("{name}")) {
      filled = filled.replace("{name}", pick(subjects.names()));
    }
    if (filled.contains("opic}")) {
      String topic = pick(subjects.topics());
      filled =
          filled
              .replace("{topic}", topic)
              .replace(
                  "{Topic}", topic.substring(0, 1).toUpperCase(Locale.ROOT) + topic.substring(1));
    }
    return filled;
  }

  private String pick(List<String> choices) {
    return choices.get(random.nextInt(choices.size()));
  }

  private static long seed(long seed, Ask ask) {
    long hash = seed * 31 + ask.seed();
    String text = ask.text();
    for (int index = 0; index < text.length(); index++) {
      hash = (hash ^ text.charAt(index)) * 0x100000001B3L;
    }
    return hash;
  }
}
