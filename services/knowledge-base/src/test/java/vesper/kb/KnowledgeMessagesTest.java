package vesper.kb;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import vesper.kb.Chapter.Standing;
import vesper.retrieval.Audience;

class KnowledgeMessagesTest {
  @ParameterizedTest
  @EnumSource(Certainty.class)
  void document_saysHowSureItIs(Certainty certainty) {
    var chapter =
        new Chapter(
            "d#s",
            List.of("T"),
            "Words.",
            new Standing(certainty, Audience.EVERYBODY),
            List.of(),
            List.of());
    var document =
        KnowledgeMessages.document("w", new Volume("d", "T", List.of(), "00", List.of(chapter)));

    assertThat(document.getSections(0).getAuthority().name())
        .isEqualTo("AUTHORITY_" + certainty.name());
  }
}
