package vesper.retrieval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SectionsTest {

  @Test
  void of_headings_giveSectionsWithTheirPath() {
    var sections =
        Sections.of(
            "The City",
            """
            # The City

            Two on one ground.

            ## Trade
            Parts.

            ### *Hands* and `feet`
            By weight.

            Setext
            ------
            Below a line.

            ## Empty

            ## Trade
            Again.
            """);

    assertThat(sections)
        .extracting(Section::slug, Section::headings, Section::text)
        .containsExactly(
            tuple("the-city", List.of("The City"), "Two on one ground."),
            tuple("trade", List.of("The City", "Trade"), "Parts."),
            tuple("hands-and-feet", List.of("The City", "Trade", "Hands and feet"), "By weight."),
            tuple("setext", List.of("The City", "Setext"), "Below a line."),
            tuple("trade-2", List.of("The City", "Trade"), "Again."));
  }

  @Test
  void of_textAboveTheFirstHeading_belongsToTheTitle() {
    assertThat(Sections.of("Tides", "Twice a day.\r\n\r\nAnd back.\r\n\r\n# Winds\r\nSeldom."))
        .extracting(Section::slug, Section::headings, Section::text)
        .containsExactly(
            tuple("tides", List.of("Tides"), "Twice a day.\n\nAnd back."),
            tuple("winds", List.of("Tides", "Winds"), "Seldom."));
  }

  @Test
  void of_hashesInCodeAndQuotes_areNoHeadings() {
    assertThat(Sections.of("T", "```\n# not\n```\n> # nor this\n\n\\# nor that"))
        .extracting(Section::slug)
        .containsExactly("t");
  }

  @Test
  void of_nothing_isNoSection() {
    assertThat(Sections.of("T", "")).isEmpty();
    assertThat(Sections.of("T", "# T\n\n## U\n")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "What the Ferrymen carry | what-the-ferrymen-carry",
        "Saint Orrin's: bed 9 | saint-orrins-bed-9",
        "Über die Brücke | über-die-brücke",
        "??? | section"
      })
  void slug_isLowerCaseWithHyphens(String heading, String slug) {
    assertThat(Sections.slug(heading)).isEqualTo(slug);
  }

  @Test
  void slug_ofALongHeading_isCut() {
    assertThat(Sections.slug("word ".repeat(50))).hasSizeLessThanOrEqualTo(100).endsWith("word");
  }
}
