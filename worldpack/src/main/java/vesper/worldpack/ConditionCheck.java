package vesper.worldpack;

import java.util.List;
import vesper.pack.v1.Dialogue;
import vesper.pack.v1.Intent;
import vesper.pack.v1.When;

/// P001: a template whose condition lacks what its intent needs, or has what only another has.
final class ConditionCheck implements PackCheck {

  /// A key of a condition and the intents it goes with.
  private record Key(String name, boolean present, boolean wanted, boolean allowed) {}

  @Override
  public void check(Draft draft, Findings findings) {
    for (var document : draft.dialogues()) {
      for (int i = 0; i < document.message().getTemplatesCount(); i++) {
        check(document, i, findings);
      }
    }
  }

  private static void check(Document<Dialogue> document, int index, Findings findings) {
    var template = document.message().getTemplates(index);
    if (!template.hasIntent()) {
      return;
    }
    var path = "templates[%d]".formatted(index);
    var intent = YamlBinder.shortName(template.getIntent().getValueDescriptor());
    for (var key : keys(template.getIntent(), template.getWhen())) {
      if (key.present() && !key.allowed()) {
        findings.error(
            "P001",
            document,
            "%s.when.%s".formatted(path, key.name()),
            "The key \"%s\" does not go with %s.".formatted(key.name(), intent),
            "Remove it.");
      } else if (key.wanted() && !key.present()) {
        findings.error(
            "P001",
            document,
            path,
            "A template of %s needs \"when.%s\".".formatted(intent, key.name()),
            "Say which of its variants it answers.");
      }
    }
  }

  private static List<Key> keys(Intent intent, When when) {
    boolean about = intent == Intent.INTENT_ASK_ABOUT;
    boolean ask = intent == Intent.INTENT_ASK_FACT;
    boolean fact = ask || intent == Intent.INTENT_TELL_FACT;
    return List.of(
        new Key("about", when.getAboutCount() > 0, about, about),
        new Key("fact", when.hasFact(), fact, fact),
        new Key("known", when.hasKnown(), ask, ask),
        new Key("recalls", when.hasRecalls(), false, !about && !fact));
  }
}
