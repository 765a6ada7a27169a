package vesper.worldpack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import vesper.pack.v1.Authority;
import vesper.pack.v1.Scope;

/// Documents with front matter.
class NarrativeTest {
  private static final String FILE = "narrative/01-tides.md";
  private static final String TIDES =
      """
      ---
      id: 01-tides
      title: The Tides
      plane: land
      tags: [sea, trade]
      spoiler: 1
      audience: [[PUBLIC]]
      closed:
        - heading: What the netters hide
          audience: [["FACTION:netters"], ["NPC:ben", "REGION:quay"], ["ROLE:netter"], ["SECRET:2"]]
          terms: [drowned ledger]
      rumours: [The bell]
      ---
      # The Tides
      The water comes twice a day. See [the winds](02-winds.md#north) and [a map](https://example.org).

      ## What the netters hide
      The drowned ledger lies under the third step.

      ### Where it lies
      Under the third step.

      ## The bell
      It rings at neap tide, they say.

      """;

  @TempDir Path temp;
  private Path pack = Path.of("");

  @BeforeEach
  void copyPack() throws IOException {
    pack = Packs.copy(Packs.minimal(), temp);
    Files.createDirectories(pack.resolve("narrative"));
    Files.writeString(pack.resolve(FILE), TIDES + words(600));
    Files.writeString(
        pack.resolve("narrative/02-winds.md"),
        "---\nid: 02-winds\ntitle: The Winds\n---\n# The Winds\n" + words(600));
  }

  private static String words(int count) {
    return "gust ".repeat(count) + "\n";
  }

  @Test
  void load_givesFrontMatterAndBody() {
    var documents = WorldPack.load(pack).narratives();

    assertThat(documents).containsOnlyKeys("01-tides", "02-winds");
    var tides = Objects.requireNonNull(documents.get("01-tides"));
    assertThat(tides.file()).isEqualTo(FILE);
    assertThat(tides.sha256()).matches("[0-9a-f]{64}");
    assertThat(tides.body()).startsWith("# The Tides\n").endsWith("gust \n");
    var narrative = tides.narrative();
    assertThat(narrative.getTitle()).isEqualTo("The Tides");
    assertThat(narrative.getScope()).isEqualTo(Scope.SCOPE_WORLD);
    assertThat(narrative.getAuthority()).isEqualTo(Authority.AUTHORITY_CANON);
    assertThat(narrative.getTagsList()).containsExactly("sea", "trade");
    assertThat(narrative.getSpoiler()).isEqualTo(1);
    assertThat(narrative.getRumoursList()).containsExactly("The bell");
    assertThat(narrative.getClosed(0).getAudienceList())
        .extracting(clause -> List.copyOf(clause.getLabelsList()))
        .containsExactly(
            List.of("FACTION:netters"),
            List.of("NPC:ben", "REGION:quay"),
            List.of("ROLE:netter"),
            List.of("SECRET:2"));
    assertThat(narrative.getClosed(0).getTermsList()).containsExactly("drowned ledger");
  }

  @Test
  void validate_goodDocuments_findsNothing() {
    assertThat(PackValidator.validate(pack)).isEmpty();
  }

  @Test
  void load_windowsLineEndings_isTheSame() throws IOException {
    var text = Files.readString(pack.resolve(FILE)).replace("\n", "\r\n");
    Files.writeString(pack.resolve(FILE), text);

    var tides = Objects.requireNonNull(WorldPack.load(pack).narratives().get("01-tides"));

    assertThat(tides.body()).startsWith("# The Tides\r\n");
    assertThat(tides.narrative().getRumoursList()).containsExactly("The bell");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "plane: land | plane: lnad | plane",
        "[[PUBLIC]] | [[PUBLC]] | audience[0].labels[0]",
        "[[PUBLIC]] | [['PUBLIC:x']] | audience[0].labels[0]",
        "FACTION:netters | FACTION:nettles | closed[0].audience[0].labels[0]",
        "NPC:ben | NPC:bob | closed[0].audience[1].labels[0]",
        "REGION:quay | REGION:key | closed[0].audience[1].labels[1]",
        "ROLE:netter\" | ROLE:nester\" | closed[0].audience[2].labels[0]",
        "SECRET:2 | SECRET:two | closed[0].audience[3].labels[0]",
        "SECRET:2 | PLAYER:2 | closed[0].audience[3].labels[0]",
        "heading: What the netters hide | heading: What netters hide | closed[0].heading",
        "rumours: [The bell] | rumours: [The Bell] | rumours[0]"
      })
  void validate_unknownName_isReportedAtItsPlace(String text, String change, String path)
      throws IOException {
    int line = Packs.replace(pack, FILE, text, change);

    assertThat(PackValidator.validate(pack))
        .singleElement()
        .satisfies(finding -> {
          assertThat(finding.code()).isEqualTo("P022");
          assertThat(finding.file()).isEqualTo(FILE);
          assertThat(finding.line()).isEqualTo(line);
          assertThat(finding.path()).isEqualTo(path);
          assertThat(finding.message()).startsWith("There is no ");
          assertThat(finding.hint()).isNotEmpty();
        });
  }

  @Test
  void validate_noFrontMatter_isReported() throws IOException {
    Files.writeString(pack.resolve(FILE), "# The Tides\n" + words(600));

    assertThat(PackValidator.validate(pack))
        .extracting(Finding::code, Finding::line, Finding::message)
        .containsExactly(tuple("P022", 1, "The document has no front matter."));
  }

  @Test
  void validate_unclosedFrontMatter_isReported() throws IOException {
    Files.writeString(pack.resolve(FILE), "---\nid: x\ntitle: X\n" + words(600));

    assertThat(PackValidator.validate(pack)).extracting(Finding::code).containsExactly("P022");
  }

  @Test
  void validate_brokenFrontMatter_isReportedAtItsLine() throws IOException {
    int misspelt = Packs.replace(pack, FILE, "spoiler: 1", "spoilr: 1");

    assertThat(PackValidator.validate(pack))
        .extracting(Finding::code, Finding::line, Finding::hint)
        .containsExactly(tuple("P001", misspelt, "Did you mean \"spoiler\"?"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "spoiler: 1 | spoiler: 4 | spoiler",
        "[[PUBLIC]] | [PUBLIC] | audience[0].labels",
        "[[PUBLIC]] | [[]] | audience[0].labels",
        "id: 01-tides | id: Tides | id",
        "title: The Tides | scope: world | title",
        "terms: [drowned ledger] | terms: [x] | closed[0].terms[0]"
      })
  void validate_brokenRule_isReported(String text, String change, String path) throws IOException {
    Packs.replace(pack, FILE, text, change);

    assertThat(PackValidator.validate(pack))
        .extracting(Finding::code, Finding::path)
        .containsExactly(tuple("P001", path));
  }

  @Test
  void validate_notUtf8_isReported() throws IOException {
    Files.write(pack.resolve(FILE), new byte[] {'-', '-', '-', '\n', (byte) 0xff});

    assertThat(PackValidator.validate(pack))
        .extracting(Finding::message)
        .containsExactly("The file is not UTF-8.");
  }

  @Test
  void validate_sameId_isReported() throws IOException {
    Packs.replace(pack, "narrative/02-winds.md", "id: 02-winds", "id: 01-tides");

    assertThat(PackValidator.validate(pack))
        .extracting(Finding::code, Finding::file, Finding::path)
        .containsExactly(tuple("P002", "narrative/02-winds.md", "id"));
  }

  @Test
  void validate_closedWithinClosed_isReported() throws IOException {
    Packs.replace(
        pack,
        FILE,
        "rumours:",
        "  - {heading: Where it lies, audience: [[\"SECRET:3\"]]}\nrumours:");

    assertThat(PackValidator.validate(pack))
        .extracting(Finding::code, Finding::path)
        .containsExactly(tuple("P022", "closed[1].heading"));
  }

  @Test
  void validate_closedPartWithoutWords_isReported() throws IOException {
    Packs.replace(
        pack, FILE, "rumours:", "  - {heading: Later, audience: [[\"SECRET:3\"]]}\nrumours:");
    Packs.replace(pack, FILE, "## The bell\n", "## Later\n\n### Much later\n\n## The bell\n");

    assertThat(PackValidator.validate(pack))
        .extracting(Finding::code, Finding::path, Finding::message)
        .containsExactly(
            tuple("P022", "closed[1].heading", "Nothing stands below the heading \"Later\"."));
  }

  @Test
  void validate_headingTwice_isReported() throws IOException {
    Packs.replace(pack, FILE, "## The bell\n", "## The bell\nIt hangs.\n\n## The bell\n");

    assertThat(PackValidator.validate(pack))
        .extracting(Finding::code, Finding::path)
        .containsExactly(tuple("P022", "rumours[0]"));
  }

  @Test
  void validate_linkToNothing_isReportedAtItsLine() throws IOException {
    int line = Packs.replace(pack, FILE, "(02-winds.md#north)", "(02-wind.md)");

    assertThat(PackValidator.validate(pack))
        .extracting(Finding::code, Finding::line, Finding::message)
        .containsExactly(tuple("P022", line, "The link leads to nothing: 02-wind.md."));
  }

  @Test
  void validate_shortDocument_isWarnedOf_andLoads() throws IOException {
    Files.writeString(pack.resolve(FILE), TIDES + words(60));

    assertThat(PackValidator.validate(pack))
        .extracting(Finding::code, Finding::severity, Finding::line)
        .containsExactly(tuple("P022", Finding.Severity.WARN, 2));
    assertThat(WorldPack.load(pack).narratives()).hasSize(2);
  }

  @Test
  void validate_keptWordInAnOpenText_isWarnedOf() throws IOException {
    int line =
        Packs.replace(
            pack, "narrative/02-winds.md", "# The Winds\n", "# The Winds\nThe Drowned Ledger.\n");

    assertThat(PackValidator.validate(pack))
        .extracting(Finding::code, Finding::severity, Finding::path, Finding::hint)
        .containsExactly(
            tuple(
                "P022",
                Finding.Severity.WARN,
                "closed[0].terms[0]",
                "It stands at narrative/02-winds.md:%d.".formatted(line + 1)));
  }

  @Test
  void validate_keptWordInADocumentForFew_isFine() throws IOException {
    Packs.replace(
        pack, "narrative/02-winds.md", "# The Winds\n", "# The Winds\nThe drowned ledger.\n");
    Packs.replace(
        pack,
        "narrative/02-winds.md",
        "title: The Winds\n",
        "title: The Winds\naudience: [[\"NPC:ada\"]]\n");

    assertThat(PackValidator.validate(pack)).isEmpty();
  }

  @Test
  void validate_bannedTopic_isReportedAtItsParagraph() throws IOException {
    int line = Packs.replace(pack, FILE, "It rings", "A zeppelin rings");

    assertThat(PackValidator.validate(pack))
        .extracting(Finding::code, Finding::line)
        .containsExactly(tuple("P019", line - 1));
  }

  @Test
  void validate_folderBelow_isReported() throws IOException {
    Files.createDirectories(pack.resolve("narrative/old"));
    Files.writeString(pack.resolve("narrative/old/03.md"), "# Old");

    assertThat(PackValidator.validate(pack))
        .extracting(Finding::code, Finding::file)
        .containsExactly(tuple("P001", "narrative/old/03.md"));
  }
}
