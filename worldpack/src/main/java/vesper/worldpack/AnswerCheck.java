package vesper.worldpack;

import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.toUnmodifiableMap;

import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import vesper.pack.v1.Intent;
import vesper.pack.v1.IntentCues;
import vesper.pack.v1.Npc;
import vesper.pack.v1.Region;
import vesper.pack.v1.Template;
import vesper.pack.v1.When;

/// P012: a person who would be left without an answer, and an intent nothing is recognised by.
final class AnswerCheck implements PackCheck {

  @Override
  public void check(Draft draft, Findings findings) {
    if (draft.npcs().isEmpty()) {
      return;
    }
    var templates =
        draft.dialogues().stream()
            .flatMap(document -> document.message().getTemplatesList().stream())
            .filter(AnswerCheck::isUnconditional)
            .toList();
    Map<Variant, List<Template>> answers =
        Variant.all().stream()
            .collect(
                toUnmodifiableMap(
                    variant -> variant,
                    variant -> templates.stream().filter(variant::isAnsweredBy).toList()));
    var regions = Ids.index(draft.regions().message().getRegionsList(), Region::getId);
    for (var npc : draft.npcs()) {
      var region =
          regions.getOrDefault(npc.message().getHome().getRegion(), Region.getDefaultInstance());
      var unanswered =
          Variant.all().stream()
              .filter(variant ->
                  answers.getOrDefault(variant, List.of()).stream()
                      .noneMatch(t -> isSaidBy(npc.message(), region.getPlane(), t)))
              .map(Variant::describe)
              .toList();
      if (!unanswered.isEmpty()) {
        findings.error(
            "P012",
            npc,
            "id",
            "\"%s\" has no answer that always applies to: %s."
                .formatted(npc.message().getId(), joined(unanswered)),
            "Add templates for them, general or the person's own.");
      }
    }
    checkCues(draft, findings);
  }

  private static String joined(List<String> variants) {
    var shown = variants.stream().limit(8).collect(joining(", "));
    return variants.size() > 8 ? shown + " and %d more".formatted(variants.size() - 8) : shown;
  }

  /// Whether nothing but the variant decides if the template applies.
  private static boolean isUnconditional(Template template) {
    var when = template.getWhen();
    var rest = when.toBuilder().clearAbout().clearFact().clearKnown();
    if (when.getMinStanding() == When.getDefaultInstance().getMinStanding()) {
      rest.clearMinStanding();
    }
    if (when.getMaxStanding() == When.getDefaultInstance().getMaxStanding()) {
      rest.clearMaxStanding();
    }
    return rest.build().equals(When.getDefaultInstance())
        && template.getLinesList().stream()
            .map(line -> Line.scan(line).line().slots())
            .anyMatch(Slot.filled(template.getIntent(), when)::containsAll);
  }

  private static boolean isSaidBy(Npc npc, String plane, Template template) {
    return isFor(template.getNpcsList(), npc.getId())
        && isFor(template.getFactionsList(), npc.getFaction())
        && isFor(template.getPlanesList(), plane);
  }

  private static boolean isFor(List<String> limits, String id) {
    return limits.isEmpty() || limits.contains(id);
  }

  private static void checkCues(Draft draft, Findings findings) {
    var silent = EnumSet.allOf(Intent.class);
    silent.removeAll(
        EnumSet.of(
            Intent.INTENT_UNSPECIFIED,
            Intent.INTENT_UNKNOWN,
            Intent.INTENT_BREAK_OFF,
            Intent.UNRECOGNIZED));
    for (var document : draft.dialogues()) {
      var cues = document.message().getIntentsList();
      for (int i = 0; i < cues.size(); i++) {
        silent.remove(cues.get(i).getId());
        if (isEmpty(cues.get(i))) {
          findings.error(
              "P012",
              document,
              "intents[%d]".formatted(i),
              "The intent has neither keywords nor examples.",
              "Give it words by which it is recognised.");
        }
      }
    }
    if (!silent.isEmpty() && !draft.dialogues().isEmpty()) {
      var names = silent.stream().map(i -> YamlBinder.shortName(i.getValueDescriptor())).toList();
      findings.error(
          "P012",
          draft.dialogues().getFirst(),
          "intents",
          "No dialogue file has cues for: %s.".formatted(joined(names)),
          "Add them to the intents of one file.");
    }
  }

  private static boolean isEmpty(IntentCues cues) {
    return cues.getKeywordsCount() == 0
        && cues.getExamplesCount() == 0
        && cues.getId() != Intent.INTENT_UNKNOWN;
  }
}
