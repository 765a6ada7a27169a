package vesper.worldpack;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PackValidatorTest {
  private static final String GENERAL = "dialogue/general.yaml";

  @TempDir Path temp;

  /// A single fault put into the minimal pack, and where it is to be found.
  ///
  /// @param below how many lines below the changed text the finding is
  record Fault(String code, String file, String text, String change, int below, String path) {

    Fault(String code, String file, String text, String change, String path) {
      this(code, file, text, change, 0, path);
    }
  }

  static Stream<Fault> faults() {
    return Stream.of(
        // P001: syntax, unknown keys, wrong types, broken rules
        new Fault("P001", "pack.yaml", "title: The Minimal World", "title: @world", ""),
        new Fault("P001", "pack.yaml", "title: The Minimal World", "\tworld", ""),
        new Fault("P001", "pack.yaml", "title:", "tilte:", "tilte"),
        new Fault("P001", "pack.yaml", "version: 0.1.0", "version: 0.1", "version"),
        new Fault("P001", "pack.yaml", "name: minimal", "name: minimal\nname: other", 1, "name"),
        new Fault("P001", "pack.yaml", "title:", "engine_api: 2\ntitle:", "engine_api"),
        new Fault("P001", "pack.yaml", "title:", "engineApi: 2\ntitle:", "engine_api"),
        new Fault("P001", "pack.yaml", "title:", "rating: z\ntitle:", "rating"),
        new Fault("P001", "pack.yaml", "aliases: [shore]", "aliases: shore", "planes[0].aliases"),
        new Fault("P001", "pack.yaml", "aliases: [shore]", "aliases: &a [x]", "planes[0].aliases"),
        new Fault("P001", "pack.yaml", "[shore]", "[&a shore]", "planes[0].aliases[0]"),
        new Fault("P001", "pack.yaml", "[shore]", "[{a: 1}]", "planes[0].aliases[0]"),
        new Fault("P001", "regions.yaml", "value: 2", "value: two", "regions[1].value"),
        new Fault("P001", "regions.yaml", "value: 2", "value: '2'", "regions[1].value"),
        new Fault("P001", "regions.yaml", "value: 2", "value: 99999999999", "regions[1].value"),
        new Fault("P001", "regions.yaml", "value: 2", "value: 9", "regions[1].value"),
        new Fault("P001", "regions.yaml", "value: 2", "value:", "regions[1].value"),
        new Fault("P001", "regions.yaml", "kind: path", "kind: plane", "edges[0].kind"),
        new Fault("P001", "regions.yaml", "minutes: 12, ", "", "edges[0].minutes"),
        new Fault("P001", "factions.yaml", "open: true", "open: yes", "families[0].open"),
        new Fault("P001", "factions.yaml", "anger: 0.2", "anger: high", "families[0].temper.anger"),
        new Fault(
            "P001",
            "factions.yaml",
            "temper: {manner: desperate, patience: 3, anger: 0.2}",
            "temper: calm",
            "families[0].temper"),
        new Fault("P001", "npcs/ada.yaml", "formality: 0.2", "formality: 2.0", "voice.formality"),
        new Fault("P001", "npcs/ada.yaml", "role: netter", "? [a, b]\n: netter", ""),
        new Fault(
            "P001",
            "calendar.yaml",
            "period_seconds: 600000",
            "period_seconds: 99999999999999999999",
            "moon.period_seconds"),
        new Fault("P001", GENERAL, "about: [person]", "fact: name", -2, "templates[17]"),
        new Fault("P001", GENERAL, "recalls: name", "about: [topic]", "templates[40].when.about"),
        new Fault("P001", "regions.yaml", "kind: path", "kind: [path]", "edges[0].kind"),
        new Fault("P001", "regions.yaml", "value: 2", "value: {a: b}", "regions[1].value"),
        new Fault(
            "P001", "regions.yaml", "value: 2", "value: " + "9".repeat(60), "regions[1].value"),
        new Fault("P001", "npcs/ada.yaml", "title: netter of the Quay", "title: ''", "title"),
        new Fault("P001", "npcs/ben.yaml", "never_lies: true", "never_lies: maybe", "never_lies"),
        new Fault(
            "P001",
            GENERAL,
            "day_parts: [night]",
            "day_parts: [moon]",
            "templates[40].when.day_parts[0]"),
        new Fault(
            "P001",
            GENERAL,
            "when: {fact: name, known: true}",
            "when: {fact: name}",
            -2,
            "templates[23]"),
        // P002: ids given twice
        new Fault("P002", "pack.yaml", "id: sea", "id: shore", "planes[1].id"),
        new Fault("P002", "regions.yaml", "id: hill", "id: quay", "regions[1].id"),
        new Fault(
            "P002",
            "regions.yaml",
            "      - {id: steps, name: the Steps",
            "      - {id: steps, name: A, description: B.}\n      - {id: steps, name: the Steps",
            1,
            "regions[0].places[1].id"),
        new Fault("P002", "npcs/ada.yaml", "id: wreck", "id: nets", "knowledge[1].id"),
        new Fault("P002", "npcs/ben.yaml", "id: ben", "id: ada", "id"),
        new Fault("P002", GENERAL, "id: greet.recalled", "id: greet", "templates[40].id"),
        new Fault("P002", "calendar.yaml", "id: hard", "id: mild", "seasons[1].id"),
        // P003: references to nothing
        new Fault("P003", "regions.yaml", "to: hill", "to: hil", "edges[0].to"),
        new Fault(
            "P003", "regions.yaml", "from: quay, to: hill", "from: q, to: hill", "edges[0].from"),
        new Fault(
            "P003",
            "regions.yaml",
            "counterpart: deep",
            "counterpart: depe",
            "regions[0].counterpart"),
        new Fault("P003", "factions.yaml", "plane: land", "plane: lnad", "families[0].plane"),
        new Fault("P003", "factions.yaml", "home: quay", "home: quays", "families[0].home"),
        new Fault("P003", "npcs/ada.yaml", "faction: netters", "faction: nettles", "faction"),
        new Fault("P003", "npcs/ada.yaml", "place: steps", "place: stairs", "home.place"),
        new Fault("P003", "npcs/ada.yaml", "region: quay", "region: key", "home.region"),
        new Fault("P003", "npcs/ada.yaml", "npc: ben", "npc: bob", "relations[0].npc"),
        new Fault("P003", "npcs/ben.yaml", "id: ben", "id: bob", "id"),
        new Fault("P003", GENERAL, "npcs: [ada]", "npcs: [adda]", "templates[40].npcs[0]"),
        new Fault(
            "P003", GENERAL, "factions: [netters]", "factions: [x]", "templates[40].factions[0]"),
        new Fault("P003", GENERAL, "planes: [land]", "planes: [air]", "templates[40].planes[0]"),
        // P005: the map
        new Fault("P005", "regions.yaml", "kind: crossing", "kind: water", "edges[1]"),
        new Fault("P005", "regions.yaml", "kind: path", "kind: crossing", "edges[0]"),
        new Fault(
            "P005", "regions.yaml", "from: quay, to: hill", "from: hill, to: hill", "edges[0]"),
        new Fault(
            "P005",
            "regions.yaml",
            "  - {from: quay, to: hill, minutes: 12, kind: path}\n",
            "",
            -15,
            "regions[1]"),
        new Fault(
            "P005",
            "regions.yaml",
            "  - {from: quay, to: deep, minutes: 3, kind: crossing}",
            "",
            -9,
            "regions[2]"),
        // P006: counterparts
        new Fault(
            "P006",
            "regions.yaml",
            "counterpart: deep",
            "counterpart: hill",
            "regions[0].counterpart"),
        new Fault("P006", "regions.yaml", "plane: sea", "plane: land", 3, "regions[2].counterpart"),
        // P008: the calendar
        new Fault(
            "P008", "calendar.yaml", "first_month: 2", "first_month: 1", "seasons[1].first_month"),
        new Fault(
            "P008", "calendar.yaml", "last_month: 2", "last_month: 3", "seasons[1].last_month"),
        new Fault(
            "P008", "calendar.yaml", "first_month: 2", "first_month: 3", "seasons[1].first_month"),
        new Fault("P008", "calendar.yaml", "first_month: 2, ", "", "seasons[1].first_month"),
        new Fault(
            "P008",
            "calendar.yaml",
            "  - {id: hard, name: hard season, first_month: 2, last_month: 2}\n",
            "",
            -1,
            "seasons[0]"),
        new Fault("P008", "calendar.yaml", "from: \"05:00\"", "from: \"05:30\"", "phases[0].from"),
        new Fault("P008", "calendar.yaml", "from: \"18:00\"", "from: \"17:00\"", "phases[2].from"),
        new Fault("P008", "calendar.yaml", "from: \"18:00\"", "from: \"6 pm\"", "phases[2].from"),
        new Fault("P008", "calendar.yaml", "phase: dusk", "phase: day", "phases[2].phase"),
        new Fault(
            "P008",
            "calendar.yaml",
            "  - {phase: dusk, from: \"18:00\", to: \"20:00\"}\n",
            "",
            -3,
            "phases"),
        new Fault("P008", "calendar.yaml", "less, last]", "less]", "moon.phase_names"),
        new Fault("P008", "calendar.yaml", ", last_month: 2", "", "seasons[1].last_month"),
        new Fault("P008", "calendar.yaml", "to: \"18:00\"", "to: never", "phases[1].to"),
        new Fault("P008", "calendar.yaml", "phase: dusk, ", "", "phases[2].phase"),
        new Fault("P008", "calendar.yaml", "numerator: 30", "numerator: 0", "rate.numerator"),
        // P009: homes and relations
        new Fault("P009", "factions.yaml", "    home: quay\n", "", -8, "families[0]"),
        new Fault("P009", "factions.yaml", "home: quay", "home: deep", "families[0].home"),
        new Fault("P009", "npcs/ada.yaml", "trust: 40", "trust: 400", "relations[0].trust"),
        new Fault("P009", "npcs/ada.yaml", "{trust: 5}", "{fear: -5}", "baseline.fear"),
        new Fault(
            "P009",
            GENERAL,
            "relation: {trust: 1}",
            "relation: {trust: 6}",
            "templates[40].relation.trust"),
        new Fault("P009", GENERAL, "min_standing: 10", "min_standing: 95", "templates[40].when"),
        // P012: people without an answer
        new Fault("P012", GENERAL, "  - {id: greet, keywords: [greet]}\n", "", -1, "intents"),
        new Fault("P012", GENERAL, "keywords: [greet]", "keywords: []", "intents[0]"),
        // P019: slots and texts
        new Fault(
            "P019",
            GENERAL,
            "Good {day_part}, {player}",
            "Good {daypart}, {player}",
            "templates[0].lines[0]"),
        new Fault(
            "P019",
            GENERAL,
            "Good {day_part}, {player}",
            "Good {topic.text}",
            "templates[0].lines[0]"),
        new Fault(
            "P019",
            GENERAL,
            "Good {day_part}, {player}",
            "Good {day_part, {player}",
            "templates[0].lines[0]"),
        new Fault(
            "P019",
            "npcs/ada.yaml",
            "people pay me",
            "{fact.value} pays me",
            "knowledge[0].text[0]"),
        new Fault(
            "P019", "npcs/ada.yaml", "owes me a boat", "owes {me} a boat", "relations[0].says[0]"),
        new Fault("P019", "npcs/ada.yaml", "She mends nets", "x".repeat(1201), "persona"),
        new Fault("P019", "npcs/ada.yaml", "counts boats", "counts Zeppelin crews", "persona"),
        new Fault(
            "P019",
            "regions.yaml",
            "Cold and slow.",
            "You should go and kill yourself.",
            "regions[2].description"));
  }

  @ParameterizedTest
  @MethodSource("faults")
  void validate_singleFault_isReportedAtItsPlace(Fault fault) throws IOException {
    var pack = Packs.copy(Packs.minimal(), temp);
    int line = Packs.replace(pack, fault.file(), fault.text(), fault.change()) + fault.below();

    assertThat(PackValidator.validate(pack))
        .as("%s at %s:%d", fault.code(), fault.file(), line)
        .anySatisfy(finding -> {
          assertThat(finding.code()).isEqualTo(fault.code());
          assertThat(finding.file()).isEqualTo(fault.file());
          assertThat(finding.line()).isEqualTo(line);
          assertThat(finding.path()).isEqualTo(fault.path());
          assertThat(finding.column()).isPositive();
          assertThat(finding.message()).endsWith(".");
          assertThat(finding.severity()).isEqualTo(Finding.Severity.ERROR);
        });
  }

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
