package vesper.time;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import vesper.pack.v1.Calendar;
import vesper.pack.v1.Phase;
import vesper.pack.v1.PhaseSpan;
import vesper.worldpack.WorldPack;

class PackCalendarTest {
  private static final Path WORLD =
      Path.of(System.getProperty("vesper.home")).resolve("worlds/body-broker");

  @Test
  void rules_ofTheSampleWorld_makeACalendar() {
    Calendar pack = WorldPack.load(WORLD).calendar();
    GameCalendar calendar = new GameCalendar(PackCalendar.rules(pack));
    assertThat(calendar.daysOfYear()).isEqualTo(336);
    assertThat(calendar.date(1_234_567_890)).isEqualTo(new GameDate(43, 7, 9, 23, 31, 30));
    assertThat(calendar.season(1_234_567_890).id()).isEqualTo("fall");
    assertThat(calendar.phase(20 * 3_600)).isEqualTo(DayPhase.NIGHT);
    assertThat(calendar.moon(15 * 86_400)).isEqualTo(LunarPhase.FULL);
    assertThat(PackCalendar.start(pack))
        .isEqualTo(new WorldClock.Start(Worlds.SEVEN, new ClockRate(60, 1)));
  }

  @Test
  void phaseWithoutTime_isLeftOut() {
    Calendar pack =
        Calendar.newBuilder()
            .addPhases(phase(Phase.PHASE_DAWN, "05:00", "05:00"))
            .addPhases(phase(Phase.PHASE_DAY, "05:00", "21:30"))
            .addPhases(phase(Phase.PHASE_NIGHT, "21:30", "05:00"))
            .build();
    assertThat(PackCalendar.rules(pack).phases())
        .containsExactly(
            new CalendarRules.PhaseRule(DayPhase.DAY, 300, 1_290),
            new CalendarRules.PhaseRule(DayPhase.NIGHT, 1_290, 300));
  }

  private static PhaseSpan phase(Phase phase, String from, String to) {
    return PhaseSpan.newBuilder().setPhase(phase).setFrom(from).setTo(to).build();
  }
}
