package vesper.npc;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import vesper.pack.v1.Topic;

class PersonaTest {

  static Stream<String> people() {
    return Rehearsal.SAMPLE.parts().keySet().stream();
  }

  @ParameterizedTest
  @MethodSource("people")
  void of_anyone_saysWhoSpeaksAndKeepsSecrets(String npc) {
    var part = Rehearsal.SAMPLE.find(npc).orElseThrow();
    var persona = part.persona();

    assertThat(persona).hasSizeLessThanOrEqualTo(6_000);
    assertThat(persona)
        .startsWith("You are " + part.npc().getName())
        .contains(part.npc().getPersona())
        .contains(part.npc().getVoice().getStyle())
        .contains("What you tell anyone who asks:")
        .contains("change_relation")
        .doesNotContain("{");
    assertThat(persona.contains("You never say what is not so."))
        .isEqualTo(part.npc().getNeverLies());
    assertThat(part.npc().getKnowledgeList())
        .filteredOn(Topic::getSecret)
        .allSatisfy(topic ->
            assertThat(topic.getTextList())
                .allSatisfy(text -> assertThat(persona).doesNotContain(text)));
  }
}
