package vesper.worldpack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.Value;
import com.google.protobuf.Value.KindCase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import vesper.pack.v1.EdgeKind;
import vesper.pack.v1.Phase;
import vesper.pack.v1.Rating;
import vesper.pack.v1.State;

class WorldPackTest {
  @TempDir Path temp;

  @Test
  void load_cleanPack_givesWhatTheFilesSay() {
    var pack = WorldPack.load(Packs.minimal());

    assertThat(pack.name()).isEqualTo("minimal");
    assertThat(pack.version()).isEqualTo("0.1.0");
    assertThat(pack.pack().getRating()).isEqualTo(Rating.RATING_M);
    assertThat(pack.pack().getSeed()).isEqualTo(1);
    assertThat(pack.regions()).containsOnlyKeys("deep", "hill", "quay");
    assertThat(named(pack.regions(), "hill").getValue()).isEqualTo(2);
    assertThat(pack.edges().getLast().getKind()).isEqualTo(EdgeKind.EDGE_KIND_CROSSING);
    assertThat(pack.factions()).containsOnlyKeys("netters");
    assertThat(pack.npcs()).containsOnlyKeys("ada", "ben");
    assertThat(named(pack.npcs(), "ada").getTraits().getAggression()).isEqualTo(0.3);
    assertThat(named(pack.npcs(), "ada").getKnowledge(1).getMinStanding()).isEqualTo(20);
    assertThat(named(pack.npcs(), "ada").getKnowledge(0).getMinStanding()).isEqualTo(-100);
    assertThat(named(pack.npcs(), "ben").getNeverLies()).isTrue();
    assertThat(pack.dialogue().getTemplatesList()).hasSizeGreaterThan(40);
    assertThat(pack.calendar().getRate().getNumerator()).isEqualTo(30);
    assertThat(pack.calendar().getRate().getDenominator()).isEqualTo(1);
  }

  @Test
  void load_state_keepsFlagsAndFreeComponents() {
    var state = WorldPack.load(Packs.minimal()).state();

    assertThat(state.getFlagsList())
        .extracting(flag -> flag.getFirst().getKindCase())
        .containsExactly(KindCase.BOOL_VALUE, KindCase.NUMBER_VALUE, KindCase.STRING_VALUE);
    assertThat(state.getFlags(0).getSays(0).getText()).isEqualTo("Nobody rows today.");
    var net = state.getEntities(0);
    assertThat(net.getTagsList()).containsExactly("net", "wet");
    assertThat(net.getComponentsMap()).containsOnlyKeys("look", "server.note");
    var look = net.getComponentsOrThrow("look");
    assertThat(look.getFieldsOrThrow("text"))
        .isEqualTo(Value.newBuilder().setStringValue("A net with one hole too many.").build());
    assertThat(look.getFieldsOrThrow("mended").getListValue().getValuesList())
        .extracting(Value::getKindCase)
        .containsExactly(
            KindCase.NUMBER_VALUE, KindCase.BOOL_VALUE, KindCase.NULL_VALUE, KindCase.STRUCT_VALUE);
  }

  @Test
  void load_withoutState_isAnEmptyWorld() throws IOException {
    var copy = Packs.copy(Packs.minimal(), temp);
    Files.delete(copy.resolve("state.yaml"));

    assertThat(WorldPack.load(copy).state()).isEqualTo(State.getDefaultInstance());
  }

  @Test
  void load_withoutCalendar_usesTheYearOf336Days() throws IOException {
    var copy = Packs.copy(Packs.minimal(), temp);
    Files.delete(copy.resolve("calendar.yaml"));

    var calendar = WorldPack.load(copy).calendar();

    assertThat(calendar.getRate().getNumerator()).isEqualTo(60);
    assertThat(calendar.getStartGameSeconds()).isEqualTo(25_200);
    assertThat(calendar.getMonthsList().stream().mapToInt(m -> m.getDays()).sum()).isEqualTo(336);
    assertThat(calendar.getWeekdaysList()).hasSize(7);
    assertThat(calendar.getSeasonsList())
        .extracting(s -> s.getId())
        .containsExactly("spring", "summer", "fall", "winter");
    assertThat(calendar.getPhases(3).getPhase()).isEqualTo(Phase.PHASE_NIGHT);
    assertThat(calendar.getMoon().getPeriodSeconds()).isEqualTo(2_548_800);
    assertThat(calendar.getMoon().getPhaseNamesList()).hasSize(8);
  }

  @Test
  void load_brokenPack_throwsWithEveryFinding() throws IOException {
    var copy = Packs.copy(Packs.minimal(), temp);
    Packs.replace(copy, "regions.yaml", "to: hill", "to: hull");
    Packs.replace(copy, "npcs/ada.yaml", "openness: 0.4", "openness: 4");

    assertThatThrownBy(() -> WorldPack.load(copy))
        .isInstanceOfSatisfying(
            InvalidPackException.class,
            e -> assertThat(e.findings()).extracting(Finding::code).contains("P001", "P003"))
        .hasMessageContaining("regions.yaml:26:22: ERROR P003 (edges[0].to)")
        .hasMessageContaining("Did you mean \"hill\"?");
  }

  @Test
  void load_manyFaults_showsTwentyAndCarriesAll() throws IOException {
    var copy = Packs.copy(Packs.minimal(), temp);
    Packs.replace(copy, "npcs/ada.yaml", "aliases: [Ada]", "aliases: [" + "'', ".repeat(15) + "]");
    Packs.replace(copy, "npcs/ada.yaml", "aliases: [net]", "aliases: [" + "'', ".repeat(15) + "]");

    assertThatThrownBy(() -> WorldPack.load(copy))
        .isInstanceOfSatisfying(
            InvalidPackException.class, e -> assertThat(e.findings()).hasSize(30))
        .hasMessageContaining("has 30 findings")
        .hasMessageEndingWith("and 10 more");
  }

  @Test
  void load_noFolder_throws() {
    assertThatThrownBy(() -> WorldPack.load(temp.resolve("nowhere")))
        .isInstanceOf(InvalidPackException.class)
        .hasMessageContaining("There is no folder");
  }

  @Test
  void digest_ofACopy_isTheSame_andOfAChange_isNot() throws IOException {
    var copy = Packs.copy(Packs.minimal(), temp);
    var digest = WorldPack.load(Packs.minimal()).digest();

    assertThat(digest).hasSize(64).isEqualTo(WorldPack.load(copy).digest());
    Files.writeString(copy.resolve(".editor-backup"), "not of the pack");
    assertThat(WorldPack.load(copy).digest()).isEqualTo(digest);

    Packs.replace(copy, "npcs/ben.yaml", "He rows.", "He rows!");
    assertThat(WorldPack.load(copy).digest()).isNotEqualTo(digest);
  }

  private static <T> T named(Map<String, T> byId, String id) {
    return Objects.requireNonNull(byId.get(id));
  }
}
