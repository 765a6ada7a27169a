package vesper.worldpack;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every code of the validator, by one fault at a time in the minimal pack.
class SingleFaultTest {
  private static final String STATE = "state.yaml";
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
        new Fault("P001", STATE, "first: 3", "first: 3.5", "flags[1].first"),
        new Fault("P001", STATE, "first: 3", "first: 1e99", "flags[1].first"),
        new Fault("P001", STATE, "first: 3", "first: 1e999", "flags[1].first"),
        new Fault("P001", STATE, "first: 3", "first: [3]", "flags[1].first"),
        new Fault("P001", STATE, "first: 3", "first: null", "flags[1].first"),
        new Fault("P001", STATE, "first: 3", "first: " + "w".repeat(201), "flags[1].first"),
        new Fault("P001", STATE, "first: 3, ", "", "flags[1].first"),
        new Fault("P001", STATE, "value: false", "value: no", "flags[0].says[0].value"),
        new Fault("P001", STATE, "value: open", "value: 1", "flags[2].says[0].value"),
        new Fault("P001", STATE, "id: tide", "id: Tide", "flags[1].id"),
        new Fault("P001", STATE, "type: boat", "type: a boat", "entities[1].type"),
        new Fault("P001", STATE, "[net, wet]", "[net, net]", "entities[0].tags"),
        new Fault(
            "P001",
            STATE,
            "components:\n",
            "components: 1\n    parts:\n",
            "entities[0].components"),
        new Fault("P001", STATE, "look:", "Look:", "entities[0].components.Look"),
        new Fault(
            "P001",
            STATE,
            "server.note: {value: 2.5}",
            "server.note: far",
            "entities[0].components.server.note"),
        new Fault(
            "P001",
            STATE,
            "server.note: {value: 2.5}",
            "look: {value: 2.5}",
            "entities[0].components.look"),
        new Fault(
            "P001", STATE, "{by: Ada}", "{? [a] : b}", "entities[0].components.look.mended[3]"),
        new Fault(
            "P001", STATE, "{by: Ada}", "{by: &a Ada}", "entities[0].components.look.mended[3].by"),
        new Fault(
            "P001",
            STATE,
            "{by: Ada}",
            "[".repeat(16) + "]".repeat(16),
            "entities[0].components.look.mended[3]" + "[0]".repeat(15)),
        new Fault(
            "P001",
            STATE,
            "A net with one hole",
            "x".repeat(8_193),
            -1,
            "entities[0].components.look"),
        new Fault("P001", STATE, "id: item:net", "id: item net", "entities[0].id"),
        new Fault(
            "P001",
            STATE,
            "{by: Ada}",
            "{by: \"A\\0\"}",
            "entities[0].components.look.mended[3].by"),
        // P002: ids given twice
        new Fault("P002", STATE, "id: tide", "id: ferry.runs", "flags[1].id"),
        new Fault("P002", STATE, "id: boat:skiff", "id: item:net", "entities[1].id"),
        new Fault("P002", STATE, "id: boat:skiff", "id: npc:ada", "entities[1].id"),
        new Fault("P002", STATE, "value: true", "value: false", "flags[0].says[1].value"),
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
        new Fault("P003", STATE, "region: quay", "region: quey", "entities[0].region"),
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
        new Fault(
            "P019", STATE, "A net with one hole", "A zeppelin", "entities[0].components.look.text"),
        new Fault(
            "P019",
            STATE,
            "{by: Ada}",
            "{by: zeppelin}",
            "entities[0].components.look.mended[3].by"),
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
}
