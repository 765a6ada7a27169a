package vesper.worldpack;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.summingInt;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import vesper.pack.v1.EdgeKind;
import vesper.pack.v1.EntityRule;
import vesper.pack.v1.Intent;
import vesper.pack.v1.Npc;
import vesper.pack.v1.Template;
import vesper.pack.v1.Topic;

/// What The Body Broker must hold so that a talk of thirty turns with anyone has something to say.
class SampleWorldTest {
  private static final int TURNS = 30;
  private static final WorldPack PACK = WorldPack.load(Packs.sample());

  @Test
  void validate_sampleWorld_findsNothing() {
    assertThat(PackValidator.validate(Packs.sample())).isEmpty();
  }

  @Test
  void map_hasPairedRegionsAndFourCrossings() {
    assertThat(PACK.regions()).hasSizeGreaterThanOrEqualTo(12);
    assertThat(PACK.regions().values())
        .filteredOn(region -> !region.getCounterpart().isEmpty())
        .hasSizeGreaterThanOrEqualTo(12);
    assertThat(PACK.edges())
        .filteredOn(edge -> edge.getKind() == EdgeKind.EDGE_KIND_CROSSING)
        .hasSizeGreaterThanOrEqualTo(4);
  }

  @Test
  void factions_areTheEightFamiliesAndTheirNeighbours() {
    assertThat(PACK.factions().values())
        .filteredOn(faction -> faction.getPlane().equals("dark"))
        .extracting(faction -> faction.getId())
        .containsExactlyInAnyOrder(
            "carrion_kin",
            "chatter_swarm",
            "stitch_guild",
            "moon_clans",
            "vampiric_houses",
            "obsidian_synod",
            "silent_court",
            "leviathan_conclave");
    assertThat(PACK.factions().values())
        .filteredOn(faction -> faction.getPlane().equals("light"))
        .hasSizeGreaterThanOrEqualTo(6);
  }

  @Test
  void people_areTwelveWithEnoughToTalkAbout() {
    assertThat(PACK.npcs()).hasSize(12);
    assertThat(PACK.npcs().values())
        .allSatisfy(npc -> {
          assertThat(npc.getKnowledgeList()).hasSizeGreaterThanOrEqualTo(6);
          assertThat(npc.getKnowledgeList()).extracting(Topic::getTextCount).allMatch(n -> n >= 2);
          assertThat(npc.getRelationsList()).hasSizeGreaterThanOrEqualTo(2);
        });
    assertThat(PACK.npcs().values())
        .filteredOn(npc -> npc.getKnowledgeList().stream().anyMatch(Topic::getSecret))
        .hasSize(12);
  }

  @Test
  void dialogue_hasEnoughGeneralLinesForEachIntent() {
    var general =
        PACK.dialogue().getTemplatesList().stream().filter(SampleWorldTest::isGeneral).toList();
    Map<Intent, Integer> lines =
        general.stream()
            .collect(groupingBy(Template::getIntent, summingInt(Template::getLinesCount)));
    for (var variant : Variant.all()) {
      assertThat(lines).as(variant.describe()).containsKey(variant.intent());
      int least =
          switch (variant.intent()) {
            case INTENT_UNKNOWN -> 16;
            case INTENT_TELL_FACT -> 6;
            case INTENT_ASK_FACT -> 4;
            default -> 8;
          };
      assertThat(
              general.stream()
                  .filter(variant::isAnsweredBy)
                  .mapToInt(Template::getLinesCount)
                  .sum())
          .as(variant.describe())
          .isGreaterThanOrEqualTo(least);
    }
  }

  @Test
  void dialogue_givesEveryoneTheirOwnLines() {
    for (var npc : PACK.npcs().keySet()) {
      for (var intent :
          List.of(
              Intent.INTENT_GREET,
              Intent.INTENT_ASK_ABOUT,
              Intent.INTENT_UNKNOWN,
              Intent.INTENT_FAREWELL,
              Intent.INTENT_ASK_WELLBEING)) {
        assertThat(
                PACK.dialogue().getTemplatesList().stream()
                    .filter(t -> t.getIntent() == intent && t.getNpcsList().equals(List.of(npc)))
                    .mapToInt(Template::getLinesCount)
                    .sum())
            .as("%s of %s", intent, npc)
            .isGreaterThanOrEqualTo(4);
      }
      assertThat(PACK.dialogue().getTemplatesList())
          .as("lines of %s that depend on the hour", npc)
          .anyMatch(t -> t.getNpcsList().contains(npc) && t.getWhen().getPhasesCount() > 0);
    }
  }

  @Test
  void dialogue_neverRunsOutWithinATalk() {
    for (var npc : PACK.npcs().values()) {
      assertThat(
              PACK.dialogue().getTemplatesList().stream()
                  .filter(t -> t.getIntent() == Intent.INTENT_UNKNOWN && isSaidBy(npc, t))
                  .flatMap(t -> t.getLinesList().stream())
                  .filter(line -> Slot.always().containsAll(Line.parse(line).slots()))
                  .distinct())
          .as("last resorts of %s", npc.getId())
          .hasSizeGreaterThanOrEqualTo(TURNS);
    }
  }

  @Test
  void texts_areNotUsedTwice() {
    var seen = new HashMap<String, String>();
    for (var template : PACK.dialogue().getTemplatesList()) {
      for (var line : template.getLinesList()) {
        // A line of slots alone is the same for everybody.
        if (line.replaceAll("\\{[^}]*}", "").matches(".*\\p{L}.*")) {
          assertThat(seen.put(line, template.getId())).as(line).isNull();
        }
      }
    }
    for (var npc : PACK.npcs().values()) {
      npcTexts(npc).forEach(text -> assertThat(seen.put(text, npc.getId())).as(text).isNull());
    }
  }

  @Test
  void lines_areOneToThreeSentences() {
    var all =
        Stream.concat(
            PACK.dialogue().getTemplatesList().stream().flatMap(t -> t.getLinesList().stream()),
            PACK.npcs().values().stream().flatMap(SampleWorldTest::npcTexts));
    assertThat(all).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(260));
  }

  @Test
  void facts_areAcknowledgedWithTheirValue() {
    assertThat(PACK.dialogue().getTemplatesList())
        .filteredOn(t -> t.getIntent() == Intent.INTENT_TELL_FACT)
        .flatExtracting(Template::getLinesList)
        .filteredOn(line -> !line.contains("{fact.value}"))
        .isEmpty();
    assertThat(PACK.dialogue().getTemplatesList())
        .filteredOn(t -> t.getIntent() == Intent.INTENT_ASK_FACT && t.getWhen().getKnown())
        .flatExtracting(Template::getLinesList)
        .filteredOn(line -> !line.contains("{fact."))
        .isEmpty();
  }

  @Test
  void state_givesEveryRegionSomethingToSee() {
    assertThat(PACK.state().getFlagsList()).hasSizeGreaterThanOrEqualTo(10);
    assertThat(PACK.state().getFlagsList()).allMatch(flag -> flag.getSaysCount() > 0);
    assertThat(PACK.state().getEntitiesList()).hasSizeGreaterThanOrEqualTo(20);
    assertThat(PACK.state().getEntitiesList())
        .extracting(EntityRule::getRegion)
        .containsAll(PACK.regions().keySet());
    assertThat(PACK.state().getEntitiesList())
        .extracting(entity -> text(entity, "look"))
        .doesNotHaveDuplicates()
        .allSatisfy(look -> assertThat(look).hasSizeBetween(40, 260));
  }

  private static String text(EntityRule entity, String component) {
    return entity.getComponentsOrThrow(component).getFieldsOrThrow("text").getStringValue();
  }

  private static Stream<String> npcTexts(Npc npc) {
    return Stream.concat(
        npc.getKnowledgeList().stream().flatMap(topic -> topic.getTextList().stream()),
        npc.getRelationsList().stream().flatMap(relation -> relation.getSaysList().stream()));
  }

  private static boolean isGeneral(Template template) {
    return template.getNpcsCount() == 0
        && template.getFactionsCount() == 0
        && template.getPlanesCount() == 0;
  }

  private static boolean isSaidBy(Npc npc, Template template) {
    return template.getNpcsCount() == 0 || template.getNpcsList().contains(npc.getId());
  }
}
