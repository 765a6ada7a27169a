package vesper.worldpack;

import static java.util.stream.Collectors.toUnmodifiableMap;

import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import vesper.pack.v1.About;
import vesper.pack.v1.Intent;
import vesper.pack.v1.When;

/// The slots a line of dialogue may have; what each is filled with is written at
/// `vesper.pack.v1.Template.lines`.
public enum Slot {
  /// What the person calls the player.
  PLAYER("player"),
  /// The person's name.
  NPC("npc"),
  /// The person's title.
  NPC_TITLE("npc.title"),
  /// The place of the talk.
  PLACE("place"),
  /// The region of the talk.
  REGION("region"),
  /// The label of the hour.
  DAY_PART("day_part"),
  /// The greeting of the hour.
  GREETING("greeting"),
  /// The hour as it is spoken.
  CLOCK("clock"),
  /// The phase of the day.
  PHASE("phase"),
  /// The season.
  SEASON("season"),
  /// The day of the week.
  WEEKDAY("weekday"),
  /// The phase of the moon.
  MOON("moon"),
  /// The value of the fact in question.
  FACT_VALUE("fact.value"),
  /// The words in which the fact was told.
  FACT_QUOTE("fact.quote"),
  /// Whom the fact is about.
  FACT_SUBJECT("fact.subject"),
  /// The topic asked about.
  TOPIC_NAME("topic.name"),
  /// What is told about the topic.
  TOPIC_TEXT("topic.text"),
  /// The other person asked about.
  OTHER_NAME("other.name"),
  /// What is said of the other person.
  OTHER_SAYS("other.says"),
  /// What was asked about last.
  LAST_TOPIC("last.topic"),
  /// A sentence of a document, and the mark that cites it.
  LORE_QUOTE("lore.quote"),
  /// The title of that document.
  LORE_TITLE("lore.title"),
  /// One thing as it is now.
  NOW_TEXT("now.text");

  private static final Set<Slot> ALWAYS = EnumSet.range(PLAYER, MOON);
  private static final Set<Slot> FACT = EnumSet.range(FACT_VALUE, FACT_SUBJECT);
  private static final Map<String, Slot> BY_KEY =
      Stream.of(values()).collect(toUnmodifiableMap(Slot::key, Function.identity()));

  private final String key;

  Slot(String key) {
    this.key = key;
  }

  /// Returns what is written between the braces.
  public String key() {
    return key;
  }

  /// Finds the slot that is written with a key.
  public static Optional<Slot> find(String key) {
    return Optional.ofNullable(BY_KEY.get(key));
  }

  /// Returns the slots that have a value in every answer.
  public static Set<Slot> always() {
    return EnumSet.copyOf(ALWAYS);
  }

  /// Returns the slots that have a value whenever a template of the intent and condition applies;
  /// [#LAST_TOPIC] may have one beside them.
  public static Set<Slot> filled(Intent intent, When when) {
    var filled = always();
    switch (intent) {
      case INTENT_TELL_FACT -> filled.addAll(FACT);
      case INTENT_ASK_FACT -> {
        if (when.getKnown()) {
          filled.addAll(FACT);
        }
      }
      case INTENT_ASK_ABOUT -> {
        var common = EnumSet.allOf(Slot.class);
        when.getAboutList().forEach(about -> common.retainAll(filledBy(about)));
        if (when.getAboutCount() > 0) {
          filled.addAll(common);
        }
      }
      default -> {
        if (when.hasRecalls()) {
          filled.addAll(FACT);
        }
      }
    }
    return filled;
  }

  private static Set<Slot> filledBy(About about) {
    return switch (about) {
      case ABOUT_TOPIC, ABOUT_SECRET, ABOUT_PLACE, ABOUT_FAMILY ->
          EnumSet.of(TOPIC_NAME, TOPIC_TEXT);
      case ABOUT_WITHHELD, ABOUT_TOLD -> EnumSet.of(TOPIC_NAME);
      case ABOUT_PERSON -> EnumSet.of(OTHER_NAME, OTHER_SAYS);
      case ABOUT_STRANGER -> EnumSet.of(OTHER_NAME);
      case ABOUT_LORE, ABOUT_RUMOUR -> EnumSet.of(LORE_QUOTE, LORE_TITLE);
      case ABOUT_NOW, ABOUT_SEEN -> EnumSet.of(NOW_TEXT);
      case ABOUT_NOTHING, ABOUT_UNSPECIFIED, UNRECOGNIZED -> EnumSet.noneOf(Slot.class);
    };
  }
}
