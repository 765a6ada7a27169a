package vesper.worldpack;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import vesper.pack.v1.About;
import vesper.pack.v1.Intent;
import vesper.pack.v1.Predicate;
import vesper.pack.v1.Template;
import vesper.pack.v1.When;

/// A thing a player may say that needs an answer of its own.
///
/// @param when the part of the condition that tells variants of the intent apart
record Variant(Intent intent, When when) {

  /// What a pack may leave without an answer.
  private static final Set<About> OPTIONAL =
      EnumSet.of(About.ABOUT_LORE, About.ABOUT_RUMOUR, About.ABOUT_NOW, About.ABOUT_SEEN);

  /// Returns everything for which each person needs an answer.
  static List<Variant> all() {
    var all = new ArrayList<Variant>();
    for (var intent : known(Intent.values())) {
      switch (intent) {
        case INTENT_BREAK_OFF -> {}
        case INTENT_ASK_ABOUT ->
            known(About.values()).stream()
                .filter(about -> !OPTIONAL.contains(about))
                .forEach(about -> all.add(of(intent, When.newBuilder().addAbout(about))));
        case INTENT_TELL_FACT ->
            known(Predicate.values())
                .forEach(fact -> all.add(of(intent, When.newBuilder().setFact(fact))));
        case INTENT_ASK_FACT ->
            known(Predicate.values())
                .forEach(fact -> {
                  all.add(of(intent, When.newBuilder().setFact(fact).setKnown(true)));
                  all.add(of(intent, When.newBuilder().setFact(fact).setKnown(false)));
                });
        default -> all.add(of(intent, When.newBuilder()));
      }
    }
    return List.copyOf(all);
  }

  /// Whether a template answers the variant, whatever else its condition asks for.
  boolean isAnsweredBy(Template template) {
    var condition = template.getWhen();
    return template.getIntent() == intent
        && condition.getAboutList().containsAll(when.getAboutList())
        && (!when.hasFact() || condition.getFact() == when.getFact())
        && (!when.hasKnown() || condition.getKnown() == when.getKnown());
  }

  /// Returns the variant as an author writes it: `ask_fact {fact: kin, known: true}`.
  String describe() {
    var parts = new ArrayList<String>();
    when.getAboutList()
        .forEach(a -> parts.add("about: " + YamlBinder.shortName(a.getValueDescriptor())));
    Optional.of(when)
        .filter(When::hasFact)
        .ifPresent(
            w -> parts.add("fact: " + YamlBinder.shortName(w.getFact().getValueDescriptor())));
    Optional.of(when).filter(When::hasKnown).ifPresent(w -> parts.add("known: " + w.getKnown()));
    var name = YamlBinder.shortName(intent.getValueDescriptor());
    return parts.isEmpty() ? name : name + " {" + String.join(", ", parts) + "}";
  }

  private static Variant of(Intent intent, When.Builder when) {
    return new Variant(intent, when.build());
  }

  /// Returns the values without the two that stand for none and for one of a later format.
  private static <E extends Enum<E>> List<E> known(E[] values) {
    return List.of(values).subList(1, values.length - 1);
  }
}
