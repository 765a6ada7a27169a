package vesper.kb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import vesper.kb.Chapter.Standing;
import vesper.retrieval.Audience;
import vesper.retrieval.ChunkSizes;
import vesper.retrieval.Chunker;

class PackVolumesTest {
  private static final PackVolumes PACK_VOLUMES = new PackVolumes(new Chunker(ChunkSizes.USUAL));

  @Test
  void of_closedHeadings_closeAllBelowThem() {
    var river = PACK_VOLUMES.of(Packs.standard()).getFirst();

    assertThat(river.id()).isEqualTo("01-river");
    assertThat(river.tags()).containsExactly("ferry", "water");
    assertThat(river.sha256()).matches("[0-9a-f]{64}");
    var closed = new Audience(List.of(Set.of("FACTION:stitch_guild"), Set.of("NPC:mara-vey")));
    assertThat(river.chapters())
        .extracting(Chapter::id, c -> c.standing().audience(), Chapter::terms)
        .containsExactly(
            tuple("01-river#the-river", Audience.EVERYBODY, List.of()),
            tuple("01-river#the-last-boat", Audience.EVERYBODY, List.of()),
            tuple(
                "01-river#what-the-ferrymen-carry",
                closed,
                List.of("drowned ledger", "nine hooks")),
            tuple("01-river#where-it-is-read", closed, List.of("drowned ledger", "nine hooks")),
            tuple("01-river#the-bell-under-the-river", Audience.EVERYBODY, List.of()));
    assertThat(river.chapters().getLast().standing().certainty()).isEqualTo(Certainty.RUMOUR);
    assertThat(river.chapters().getFirst().standing().certainty()).isEqualTo(Certainty.CANON);
    assertThat(river.chapters()).allSatisfy(c -> assertThat(c.chunks()).hasSize(1));
  }

  @Test
  void of_documentForFew_closesItsPartsFurther() {
    var hospital = PACK_VOLUMES.of(Packs.standard()).get(1);

    assertThat(hospital.chapters())
        .extracting(Chapter::standing)
        .containsExactly(
            new Standing(
                Certainty.CANON,
                new Audience(
                    List.of(
                        Set.of("FACTION:saint_orrins"),
                        Set.of("ROLE:gravedigger", "REGION:lych-field")))),
            new Standing(
                Certainty.CANON,
                new Audience(
                    List.of(
                        Set.of("FACTION:saint_orrins", "NPC:ilka-thorne"),
                        Set.of("FACTION:saint_orrins", "NPC:hob-garrity"),
                        Set.of("FACTION:saint_orrins", "NPC:mara-vey"),
                        Set.of("ROLE:gravedigger", "REGION:lych-field", "NPC:ilka-thorne"),
                        Set.of("ROLE:gravedigger", "REGION:lych-field", "NPC:hob-garrity"),
                        Set.of("ROLE:gravedigger", "REGION:lych-field", "NPC:mara-vey")))));
  }

  @Test
  void of_authority_holdsForAllButRumours() {
    var document =
        "---\nid: x\ntitle: X\nauthority: narrator\nrumours: [R]\n---\nOne.\n\n# R\nTwo.\n";

    assertThat(PACK_VOLUMES.of(Packs.with(Map.of("x", document))).getFirst().chapters())
        .extracting(c -> c.standing().certainty())
        .containsExactly(Certainty.NARRATOR, Certainty.RUMOUR);
  }
}
