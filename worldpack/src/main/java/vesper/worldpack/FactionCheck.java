package vesper.worldpack;

import vesper.pack.v1.Region;

/// P009: a faction without a home in its own plane, and bounds of standing that leave nothing
/// between them.
final class FactionCheck implements PackCheck {

  @Override
  public void check(Draft draft, Findings findings) {
    var regions = Ids.index(draft.regions().message().getRegionsList(), Region::getId);
    var document = draft.factions();
    var families = document.message().getFamiliesList();
    for (int i = 0; i < families.size(); i++) {
      var family = families.get(i);
      var home = regions.get(family.getHome());
      if (family.getHome().isEmpty()) {
        findings.error(
            "P009",
            document,
            "families[%d]".formatted(i),
            "The faction \"%s\" has no home.".formatted(family.getId()),
            "Give it the region where it is found: \"home: …\".");
      } else if (home != null && !home.getPlane().equals(family.getPlane())) {
        findings.error(
            "P009",
            document,
            "families[%d].home".formatted(i),
            "The faction belongs to the plane \"%s\", its home to \"%s\"."
                .formatted(family.getPlane(), home.getPlane()),
            "A faction has its home in its own plane.");
      }
    }
    for (var dialogue : draft.dialogues()) {
      var templates = dialogue.message().getTemplatesList();
      for (int i = 0; i < templates.size(); i++) {
        var when = templates.get(i).getWhen();
        if (when.getMinStanding() > when.getMaxStanding()) {
          findings.error(
              "P009",
              dialogue,
              "templates[%d].when".formatted(i),
              "No standing is at least %d and at most %d."
                  .formatted(when.getMinStanding(), when.getMaxStanding()),
              "");
        }
      }
    }
  }
}
