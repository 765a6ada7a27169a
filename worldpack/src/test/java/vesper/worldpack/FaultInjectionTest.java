package vesper.worldpack;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Puts one seeded fault at a time into the sample world and looks whether it is found at its
/// place.
class FaultInjectionTest {
  private static final int FAULTS = 200;

  /// A way to break a line.
  ///
  /// @param code the finding it must lead to
  /// @param files in which files such lines are broken
  /// @param line what such a line looks like
  /// @param broken what becomes of what was matched, with groups as `$1`
  /// @param atItem whether the finding is at the list item around the line, since the line is gone
  private record Breakage(String code, String files, Pattern line, String broken, boolean atItem) {

    static Breakage line(String code, String files, String line, String broken) {
      return new Breakage(code, files, Pattern.compile(line), broken, false);
    }

    static Breakage item(String code, String files, String line) {
      return new Breakage(code, files, Pattern.compile(line), "", true);
    }
  }

  private static final List<Breakage> BREAKAGES =
      List.of(
          Breakage.line("P001", "(?!state).*yaml", "^( *(?:- )?[a-z_]+)([a-z]):(?= )", "$1$2$2x:"),
          Breakage.line("P001", ".*yaml", "^( *[a-z_]+: )[A-Za-z]", "$1@"),
          Breakage.line("P001", "(?!state).*yaml", "(: )([0-9]+)\\b(?!\")", "$1many"),
          Breakage.line(
              "P001", ".*", "^(    |  )(name|title|description|role): (?=[A-Za-z]).*$", "$1$2:"),
          Breakage.line("P001", "dialogue/.*", "^(    intent: )[a-z_]+$", "$1shout"),
          Breakage.line("P001", "dialogue/.*", "(kind: )[a-z]+(?=,)", "$1glee"),
          Breakage.line("P001", "dialogue/.*", "(about: )\\[[a-z]+]", "$1topic"),
          Breakage.line("P001", "regions.yaml", "^(    value: )[1-3]$", "$19"),
          Breakage.item("P001", "regions.yaml", "^(    )(plane|zone|biome): .*$"),
          Breakage.line("P001", "state.yaml", "^(    first: )(true|open|3)$", "$1[$2]"),
          Breakage.line("P001", "state.yaml", "^(      - value: )(false|open|3)$", "$11.5"),
          Breakage.line("P001", "state.yaml", "^(    type: )[a-z]+$", "$1'  '"),
          Breakage.line("P001", "state.yaml", "^(    tags: )\\[[a-z]+", "$1[A b"),
          Breakage.line("P001", "state.yaml", "^(      look|      door):", "$1 it:"),
          Breakage.line("P001", "npcs/.*", "^(  (?:formality|warmth|curiosity): )0", "$17"),
          Breakage.line(
              "P002", "regions.yaml", "^(  - id: )(?!tallow-rows)[a-z-]+$", "$1tallow-rows"),
          Breakage.line("P002", "factions.yaml", "^(  - id: )(?!carrion)[a-z_]+$", "$1carrion_kin"),
          Breakage.line(
              "P002", "dialogue/general.yaml", "^(  - id: )(?!greet.any)[a-z._]+$", "$1greet.any"),
          Breakage.line("P002", "state.yaml", "^(  - id: )(?!ferry)[a-z.-]+$", "$1ferry.runs"),
          Breakage.line(
              "P002", "state.yaml", "^(  - id: )(?!item:kite)[a-z]+:[a-z-]+$", "$1npc:sorrel"),
          Breakage.line("P003", "state.yaml", "^(    region: )([a-z])", "$1z$2"),
          Breakage.line("P003", "regions.yaml", "(from: |to: )([a-z])", "$1z$2"),
          Breakage.line("P003", "regions.yaml", "^(    (?:plane|counterpart): )([a-z])", "$1z$2"),
          Breakage.line("P003", "factions.yaml", "^(    (?:plane|home): )([a-z])", "$1z$2"),
          Breakage.line(
              "P003", "npcs/.*", "^(faction: |  - npc: |home: \\{region: )([a-z])", "$1z$2"),
          Breakage.line("P003", "dialogue/.*", "^(    (?:npcs|planes): \\[)([a-z])", "$1z$2"),
          Breakage.line("P005", "regions.yaml", "kind: crossing", "kind: street"),
          Breakage.line("P005", "regions.yaml", "(?<=minutes: )([0-9]+)}", "$1, kind: crossing}"),
          Breakage.line("P006", "regions.yaml", "^(    counterpart: )(?!mains)[a-z-]+$", "$1mains"),
          Breakage.line("P008", "calendar.yaml", "(first_month: )[0-9]+", "$12"),
          Breakage.line("P008", "calendar.yaml", "(from: \"[0-9]+:)00", "$130"),
          Breakage.line("P009", "npcs/.*", "(trust|respect|affection): (-?[0-9]+)", "$1: $2999"),
          Breakage.line("P009", "dialogue/.*", "(affection|trust): (-?[1-9])", "$1: $27"),
          Breakage.item("P009", "factions.yaml", "^    home: .*$"),
          Breakage.line(
              "P019", "dialogue/.*", "\\{(player|day_part|clock|topic.name|fact.value)}", "{$1x}"),
          Breakage.line(
              "P019",
              "dialogue/(?!facts).*",
              "(^      - \"(?!.*\\{fact\\.)[A-Z][a-z]+ )",
              "$1{fact.value} "),
          Breakage.line("P019", "npcs/.*", "(^      - \"[A-Z][a-z]+ )", "$1{topic.text} "),
          Breakage.line(
              "P019", "npcs/.*|dialogue/.*", "(^      - \")", "$1Go and kill yourself. "));

  @TempDir Path temp;
  private final Map<String, List<String>> lines = new HashMap<>();

  /// A place where a breakage fits.
  private record Spot(String file, int index) {}

  @BeforeEach
  void copySample() throws IOException {
    Packs.copy(Packs.sample(), temp);
    try (var files = Files.walk(temp)) {
      for (var file : files.filter(Files::isRegularFile).sorted().toList()) {
        var name = temp.relativize(file).toString().replace('\\', '/');
        lines.put(name, Files.readAllLines(file, UTF_8));
      }
    }
  }

  @Test
  void validate_anySingleFault_isFoundAtItsFileAndLine() throws IOException {
    for (int n = 0; n < FAULTS; n++) {
      var random = new Random(n);
      var breakage = BREAKAGES.get(n % BREAKAGES.size());
      var spots = spots(breakage);
      assertThat(spots).as("lines that %s could break", breakage).isNotEmpty();
      var spot = spots.get(random.nextInt(spots.size()));
      breakAndLook(breakage, spot, random);
    }
  }

  private void breakAndLook(Breakage breakage, Spot spot, Random random) throws IOException {
    var original = lines(spot.file());
    var broken = new ArrayList<>(original);
    var line = original.get(spot.index());
    broken.set(spot.index(), replaceOne(breakage, line, random));
    var path = temp.resolve(spot.file());
    Files.write(path, broken, UTF_8);
    int expected = (breakage.atItem() ? itemAround(original, spot.index()) : spot.index()) + 1;

    var findings = PackValidator.validate(temp);

    assertThat(findings)
        .as("%s:%d: %s → %s", spot.file(), expected, line, broken.get(spot.index()))
        .anyMatch(f ->
            f.code().equals(breakage.code())
                && f.file().equals(spot.file())
                && f.line() == expected);
    Files.write(path, original, UTF_8);
  }

  private List<Spot> spots(Breakage breakage) {
    var spots = new ArrayList<Spot>();
    lines.keySet().stream()
        .sorted()
        .filter(file -> file.matches(breakage.files()))
        .forEach(file -> {
          var content = lines(file);
          boolean folded = false;
          for (int i = 0; i < content.size(); i++) {
            var line = content.get(i);
            // The text of a folded scalar is indented deeper than any key with a colon.
            folded = line.endsWith(">-") || (folded && !line.matches(" {0,4}(- )?[a-z_]+:.*"));
            if ((!folded || line.endsWith(">-"))
                && !line.startsWith("#")
                && breakage.line().matcher(line).find()) {
              spots.add(new Spot(file, i));
            }
          }
        });
    return spots;
  }

  private static String replaceOne(Breakage breakage, String line, Random random) {
    var matcher = breakage.line().matcher(line);
    int chosen = random.nextInt((int) matcher.results().count());
    matcher.reset();
    for (int i = 0; i <= chosen; i++) {
      if (!matcher.find()) {
        throw new IllegalStateException(line);
      }
    }
    var result = new StringBuilder(line.substring(0, matcher.start()));
    result.append(expand(matcher, breakage.broken()));
    return result.append(line.substring(matcher.end())).toString();
  }

  private static String expand(Matcher matcher, String template) {
    var text = template;
    for (int group = matcher.groupCount(); group > 0; group--) {
      text = text.replace("$" + group, String.valueOf(matcher.group(group)));
    }
    return text;
  }

  private static int itemAround(List<String> content, int index) {
    int i = index;
    while (!content.get(i).startsWith("  - ")) {
      i--;
    }
    return i;
  }

  private List<String> lines(String file) {
    return lines.getOrDefault(file, List.of());
  }
}
