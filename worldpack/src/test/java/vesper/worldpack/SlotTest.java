package vesper.worldpack;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import vesper.pack.v1.About;
import vesper.pack.v1.Intent;
import vesper.pack.v1.Predicate;
import vesper.pack.v1.When;

class SlotTest {

  @Test
  void everySlot_isDocumentedWithTheFormat() throws IOException {
    var proto =
        Files.readString(
            Path.of(System.getProperty("vesper.home", ".."))
                .resolve("worldpack/src/main/protobuf/vesper/pack/v1/dialogue.proto"));

    assertThat(Stream.of(Slot.values()))
        .allSatisfy(slot -> assertThat(proto).contains("| `{" + slot.key() + "}` |"));
  }

  @Test
  void find_byKey_isTheSlot() {
    assertThat(Slot.find("npc.title")).contains(Slot.NPC_TITLE);
    assertThat(Slot.find("NPC_TITLE")).isEmpty();
  }

  @Test
  void filled_factSlots_goWithFacts() {
    var nothing = When.getDefaultInstance();
    var facts = EnumSet.of(Slot.FACT_VALUE, Slot.FACT_QUOTE, Slot.FACT_SUBJECT);

    assertThat(Slot.filled(Intent.INTENT_TELL_FACT, nothing)).containsAll(facts);
    assertThat(Slot.filled(Intent.INTENT_ASK_FACT, When.newBuilder().setKnown(true).build()))
        .containsAll(facts);
    assertThat(Slot.filled(Intent.INTENT_ASK_FACT, When.newBuilder().setKnown(false).build()))
        .doesNotContainAnyElementsOf(facts);
    assertThat(
            Slot.filled(
                Intent.INTENT_GREET,
                When.newBuilder().setRecalls(Predicate.PREDICATE_FEAR).build()))
        .containsAll(facts);
    assertThat(Slot.filled(Intent.INTENT_GREET, nothing)).isEqualTo(Slot.always());
  }

  @Test
  void filled_severalAbouts_haveWhatAllHave() {
    var when = When.newBuilder().addAbout(About.ABOUT_TOPIC).addAbout(About.ABOUT_TOLD).build();

    assertThat(Slot.filled(Intent.INTENT_ASK_ABOUT, when))
        .contains(Slot.TOPIC_NAME)
        .doesNotContain(Slot.TOPIC_TEXT);
    assertThat(Slot.filled(Intent.INTENT_ASK_ABOUT, When.getDefaultInstance()))
        .isEqualTo(Slot.always());
  }
}
