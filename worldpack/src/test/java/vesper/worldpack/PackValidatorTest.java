package vesper.worldpack;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PackValidatorTest {
  private static final String GENERAL = "dialogue/general.yaml";

  @TempDir Path temp;

  @Test
  void validate_cleanPack_findsNothing() {
    assertThat(PackValidator.validate(Packs.minimal())).isEmpty();
  }

  @Test
  void validate_manyFaults_reportsAllInOrder() throws IOException {
    var pack = Packs.copy(Packs.minimal(), temp);
    Packs.replace(pack, "regions.yaml", "to: hill", "to: hil");
    Packs.replace(pack, "regions.yaml", "value: 2", "value: 9");
    Packs.replace(pack, "npcs/ada.yaml", "npc: ben", "npc: bern");
    Packs.replace(pack, "pack.yaml", "title:", "titel:");

    var findings = PackValidator.validate(pack);

    assertThat(findings).isSortedAccordingTo(Finding.ORDER);
    assertThat(findings)
        .extracting(f -> f.file() + ":" + f.path())
        .contains(
            "npcs/ada.yaml:relations[0].npc",
            "pack.yaml:titel",
            "regions.yaml:edges[0].to",
            "regions.yaml:regions[1].value");
  }

  @Test
  void validate_misspeltKey_isOneFindingWithASuggestion() throws IOException {
    var pack = Packs.copy(Packs.minimal(), temp);
    Packs.replace(pack, "pack.yaml", "title:", "tilte:");

    assertThat(PackValidator.validate(pack))
        .singleElement()
        .extracting(Finding::hint)
        .isEqualTo("Did you mean \"title\"?");
  }

  @Test
  void validate_unreadableFile_hidesWhatWouldOnlyMissIt() throws IOException {
    var pack = Packs.copy(Packs.minimal(), temp);
    Packs.replace(pack, "regions.yaml", "regions:", "regions: [");

    assertThat(PackValidator.validate(pack)).extracting(Finding::file).containsOnly("regions.yaml");
  }

  @Test
  void validate_notUtf8_isReported() throws IOException {
    var pack = Packs.copy(Packs.minimal(), temp);
    Files.write(pack.resolve("regions.yaml"), new byte[] {'a', ':', ' ', (byte) 0xff});

    assertThat(PackValidator.validate(pack))
        .singleElement()
        .extracting(Finding::message)
        .isEqualTo("The file is not UTF-8.");
  }

  @Test
  void validate_deepNesting_isReported() throws IOException {
    var pack = Packs.copy(Packs.minimal(), temp);
    Files.writeString(pack.resolve("regions.yaml"), "[".repeat(100_000));

    assertThat(PackValidator.validate(pack)).extracting(Finding::code).containsOnly("P001");
  }

  @Test
  void validate_emptyFile_isReported() throws IOException {
    var pack = Packs.copy(Packs.minimal(), temp);
    Files.writeString(pack.resolve("regions.yaml"), "");

    assertThat(PackValidator.validate(pack))
        .singleElement()
        .extracting(Finding::message)
        .isEqualTo("The file holds no keys.");
  }

  @Test
  void validate_oversizedFile_isReportedAndNotRead() throws IOException {
    var pack = Packs.copy(Packs.minimal(), temp);
    Files.writeString(pack.resolve("npcs/ada.yaml"), "#".repeat(PackFiles.MAX_FILE_BYTES + 1));

    assertThat(PackValidator.validate(pack))
        .anySatisfy(finding -> {
          assertThat(finding.file()).isEqualTo("npcs/ada.yaml");
          assertThat(finding.message()).contains("more than");
        });
  }

  @Test
  void validate_oversizedPack_isReported() throws IOException {
    var pack = Packs.copy(Packs.minimal(), temp);
    var padding = "#".repeat(PackFiles.MAX_FILE_BYTES - 1);
    for (int i = 0; i < 9; i++) {
      Files.writeString(pack.resolve("notes-%d.md".formatted(i)), padding);
    }

    assertThat(PackValidator.validate(pack))
        .extracting(Finding::message)
        .contains("The pack has more than %d bytes.".formatted(PackFiles.MAX_PACK_BYTES));
  }

  @Test
  void validate_missingFile_isReported() throws IOException {
    var pack = Packs.copy(Packs.minimal(), temp);
    Files.delete(pack.resolve("factions.yaml"));

    assertThat(PackValidator.validate(pack))
        .singleElement()
        .satisfies(finding -> {
          assertThat(finding.file()).isEqualTo("factions.yaml");
          assertThat(finding.message()).isEqualTo("The file is missing.");
        });
  }

  @Test
  void validate_misplacedFile_isReported() throws IOException {
    var pack = Packs.copy(Packs.minimal(), temp);
    Files.createDirectories(pack.resolve("npcs/old"));
    Files.move(pack.resolve("npcs/ben.yaml"), pack.resolve("npcs/old/ben.yaml"));
    Files.writeString(pack.resolve("README.md"), "# Notes");
    Files.writeString(pack.resolve("dialogue/more.yml"), "templates: []");

    assertThat(PackValidator.validate(pack))
        .filteredOn(finding -> finding.message().equals("No file of a pack has this name."))
        .extracting(Finding::file)
        .containsExactly("dialogue/more.yml", "npcs/old/ben.yaml");
  }

  @Test
  void validate_personWithoutAnswer_isReportedAtThePerson() throws IOException {
    var pack = Packs.copy(Packs.minimal(), temp);
    Packs.replace(
        pack, GENERAL, "when: {fact: kin, known: false}", "when: {fact: kin, known: true}");

    assertThat(PackValidator.validate(pack))
        .hasSize(2)
        .allSatisfy(finding -> {
          assertThat(finding.code()).isEqualTo("P012");
          assertThat(finding.path()).isEqualTo("id");
          assertThat(finding.message()).contains("ask_fact {fact: kin, known: false}");
        });
  }

  @Test
  void validate_answerOnlyUnderACondition_doesNotCount() throws IOException {
    var pack = Packs.copy(Packs.minimal(), temp);
    Packs.replace(
        pack, GENERAL, "    intent: thanks\n", "    intent: thanks\n    when: {phases: [day]}\n");

    assertThat(PackValidator.validate(pack))
        .hasSize(2)
        .extracting(Finding::message)
        .allMatch(message -> message.contains("no answer that always applies to: thanks."));
  }

  @Test
  void validate_answerOnlyWithAnUncertainSlot_doesNotCount() throws IOException {
    var pack = Packs.copy(Packs.minimal(), temp);
    Packs.replace(pack, GENERAL, "Thanks, you say.", "Thanks for {last.topic}?");

    assertThat(PackValidator.validate(pack))
        .extracting(Finding::code)
        .containsExactly("P012", "P012");
  }

  @Test
  void validate_noDialogue_isOneFindingAPerson() throws IOException {
    var pack = Packs.copy(Packs.minimal(), temp);
    Files.delete(pack.resolve(GENERAL));

    assertThat(PackValidator.validate(pack))
        .hasSize(2)
        .extracting(Finding::message)
        .allMatch(message -> message.contains("greet") && message.contains("more"));
  }

  @Test
  void validate_packWithoutPeople_needsNoDialogue() throws IOException {
    var pack = Packs.copy(Packs.minimal(), temp);
    Files.delete(pack.resolve(GENERAL));
    Files.delete(pack.resolve("npcs/ada.yaml"));
    Files.delete(pack.resolve("npcs/ben.yaml"));

    assertThat(PackValidator.validate(pack)).isEmpty();
  }

  @Test
  void validate_oneSeasonAllYear_isFine() throws IOException {
    var pack = Packs.copy(Packs.minimal(), temp);
    Packs.replace(
        pack,
        "calendar.yaml",
        "  - {id: hard, name: hard season, first_month: 2, last_month: 2}\n",
        "");
    Packs.replace(pack, "calendar.yaml", "last_month: 1", "last_month: 2");

    assertThat(PackValidator.validate(pack)).isEmpty();
  }

  @Test
  void validate_enumInFull_isAccepted() throws IOException {
    var pack = Packs.copy(Packs.minimal(), temp);
    Packs.replace(pack, "regions.yaml", "kind: path", "kind: EDGE_KIND_PATH");
    Packs.replace(pack, "regions.yaml", "kind: crossing", "kind: Crossing");

    assertThat(PackValidator.validate(pack)).isEmpty();
  }

  @Test
  void validate_otherFiles_areNoPartOfThePack() throws IOException {
    var pack = Packs.copy(Packs.minimal(), temp);
    Files.createDirectories(pack.resolve(".git/npcs"));
    Files.writeString(pack.resolve(".git/npcs/x.yaml"), "id: x");
    Files.writeString(pack.resolve("npcs/.ada.yaml.swp"), "id: x");
    Files.writeString(pack.resolve("npcs/portrait.txt"), "a face");
    Files.createSymbolicLink(pack.resolve("npcs/link.yaml"), pack.resolve("npcs/ada.yaml"));

    assertThat(PackValidator.validate(pack)).isEmpty();
  }

  @Test
  void validate_answersByNpcFactionAndPlane_countForThoseOnly() throws IOException {
    var pack = Packs.copy(Packs.minimal(), temp);
    Packs.replace(
        pack, GENERAL, "    intent: thanks\n", "    intent: thanks\n    factions: [netters]\n");
    Packs.replace(pack, GENERAL, "    intent: quest\n", "    intent: quest\n    planes: [sea]\n");
    Packs.replace(pack, GENERAL, "    intent: trade\n", "    intent: trade\n    npcs: [ben]\n");

    assertThat(PackValidator.validate(pack))
        .extracting(f -> f.file() + ": " + f.message())
        .containsExactly(
            "npcs/ada.yaml: \"ada\" has no answer that always applies to: trade, quest.",
            "npcs/ben.yaml: \"ben\" has no answer that always applies to: quest, thanks.");
  }

  @Test
  void validate_standingBoundsInFull_stillCountAsUnconditional() throws IOException {
    var pack = Packs.copy(Packs.minimal(), temp);
    Packs.replace(
        pack,
        GENERAL,
        "    intent: thanks\n",
        "    intent: thanks\n    when: {min_standing: -100, max_standing: 100}\n");

    assertThat(PackValidator.validate(pack)).isEmpty();
  }
}
