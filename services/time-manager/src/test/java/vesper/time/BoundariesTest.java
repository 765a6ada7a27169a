package vesper.time;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import vesper.time.Announcement.Gap;
import vesper.time.Boundary.Kind;
import vesper.time.CalendarRules.PhaseRule;

class BoundariesTest {
  private static final long HOUR = 3_600;
  private static final long DAY = 24 * HOUR;
  private static final long YEAR = 336 * DAY;
  private static final long CATCH_UP = 48 * HOUR;
  private static final GameCalendar STANDARD = new GameCalendar(Calendars.STANDARD);
  private static final GameCalendar NORTHERN = new GameCalendar(Calendars.NORTHERN);
  private static final GameCalendar UNEVEN = new GameCalendar(Calendars.UNEVEN);
  private final Boundaries boundaries = new Boundaries(STANDARD, CATCH_UP);

  @Test
  void between_atOneMoment_isInTheOrderOfKinds() {
    CalendarRules together =
        new CalendarRules(
            Calendars.STANDARD.months(),
            Calendars.STANDARD.weekdays(),
            Calendars.STANDARD.seasons(),
            List.of(
                new PhaseRule(DayPhase.NIGHT, 0, 6 * 60), new PhaseRule(DayPhase.DAY, 6 * 60, 0)),
            0,
            16 * DAY,
            -DAY);
    assertThat(new Boundaries(new GameCalendar(together), CATCH_UP).between(YEAR - 1, YEAR))
        .containsExactly(
            new Boundary(Kind.YEAR, YEAR),
            new Boundary(Kind.SEASON, YEAR),
            new Boundary(Kind.DAY, YEAR),
            new Boundary(Kind.MOON, YEAR),
            new Boundary(Kind.PHASE, YEAR),
            new Boundary(Kind.HOUR, YEAR));
  }

  @Test
  void between_excludesTheFirstMomentAndIncludesTheLast() {
    assertThat(boundaries.between(5 * HOUR, 7 * HOUR))
        .containsExactly(
            new Boundary(Kind.HOUR, 6 * HOUR),
            new Boundary(Kind.PHASE, 7 * HOUR),
            new Boundary(Kind.HOUR, 7 * HOUR));
    assertThat(boundaries.between(7 * HOUR, 7 * HOUR)).isEmpty();
  }

  @Test
  void between_twoDays_tellsEveryHour() {
    assertThat(boundaries.between(HOUR, HOUR + CATCH_UP))
        .filteredOn(told -> told instanceof Boundary(Kind kind, _) && kind == Kind.HOUR)
        .hasSize(48);
  }

  @Test
  void between_moreThanTwoDays_collapsesHoursAndPhases() {
    List<Announcement> told = boundaries.between(HOUR, HOUR + CATCH_UP + 1);
    assertThat(told)
        .containsExactly(
            new Gap(HOUR, HOUR + CATCH_UP + 1, Set.of(Kind.HOUR, Kind.PHASE), 48 + 8),
            new Boundary(Kind.DAY, DAY),
            new Boundary(Kind.MOON, 159_300),
            new Boundary(Kind.DAY, 2 * DAY));
  }

  @Test
  void between_years_tellsTheFirst400AndOneSummary() {
    List<Announcement> told = boundaries.between(0, 3 * YEAR);
    assertThat(told.getFirst())
        .isEqualTo(new Gap(0, 3 * YEAR, Set.of(Kind.HOUR, Kind.PHASE), 3 * 336 * (24 + 4)));
    List<Announcement> middle = told.subList(1, told.size() - 1);
    assertThat(middle).hasSizeBetween(397, 400).allMatch(Boundary.class::isInstance);
    Boundary last = (Boundary) middle.getLast();
    Gap rest = (Gap) told.getLast();
    assertThat(rest.after()).isEqualTo(last.gameSeconds());
    assertThat(rest.upTo()).isEqualTo(3 * YEAR);
    assertThat(rest.kinds()).containsExactlyInAnyOrder(Kind.YEAR, Kind.SEASON, Kind.DAY, Kind.MOON);
    long moons = STANDARD.cycle(Kind.MOON).count(0, 3 * YEAR);
    assertThat(middle.size() + rest.count()).isEqualTo(3 + 12 + 3 * 336 + moons);
  }

  @Test
  void between_tenToTheFifteenSeconds_ends() {
    List<Announcement> told = boundaries.between(0, Clock.LAST_GAME_SECOND);
    assertThat(told.getLast()).isInstanceOf(Gap.class);
    assertThat(told).hasSizeLessThanOrEqualTo(402);
  }

  /// What is told over a jump of up to 30 hours is what changes when one walks through it second by
  /// second, as the calendar names them.
  @Property(tries = 50)
  void between_isWhatChangesSecondBySecond(
      @ForAll("calendars") GameCalendar calendar,
      @ForAll @LongRange(min = 0, max = Clock.LAST_GAME_SECOND) long from,
      @ForAll @LongRange(min = 0, max = 30 * HOUR) long jump) {
    List<Boundary> expected = new ArrayList<>();
    for (long at = from + 1; at <= from + jump; at++) {
      GameDate date = calendar.date(at);
      GameDate before = calendar.date(at - 1);
      if (date.year() != before.year()) {
        expected.add(new Boundary(Kind.YEAR, at));
      }
      if (!calendar.season(at).equals(calendar.season(at - 1))) {
        expected.add(new Boundary(Kind.SEASON, at));
      }
      if (date.day() != before.day() || date.month() != before.month()) {
        expected.add(new Boundary(Kind.DAY, at));
      }
      if (calendar.moon(at) != calendar.moon(at - 1)) {
        expected.add(new Boundary(Kind.MOON, at));
      }
      if (calendar.phase(at) != calendar.phase(at - 1)) {
        expected.add(new Boundary(Kind.PHASE, at));
      }
      if (date.hour() != before.hour()) {
        expected.add(new Boundary(Kind.HOUR, at));
      }
    }
    assertThat(new Boundaries(calendar, CATCH_UP).between(from, from + jump))
        .containsExactlyElementsOf(expected);
  }

  /// Nothing is told twice or lost however a stretch is cut in two.
  @Property
  void between_cutInTwo_isTheSame(
      @ForAll("calendars") GameCalendar calendar,
      @ForAll @LongRange(min = 0, max = 4 * YEAR) long from,
      @ForAll @LongRange(min = 0, max = 24 * HOUR) long first,
      @ForAll @LongRange(min = 0, max = 24 * HOUR) long second) {
    Boundaries all = new Boundaries(calendar, CATCH_UP);
    List<Announcement> cut = new ArrayList<>(all.between(from, from + first));
    cut.addAll(all.between(from + first, from + first + second));
    assertThat(cut).isEqualTo(all.between(from, from + first + second));
  }

  /// However long the jump, the boundaries told and those in gaps are those of the calendar.
  @Property
  void between_countsEveryBoundaryOnce(
      @ForAll("calendars") GameCalendar calendar,
      @ForAll @LongRange(min = 0, max = 10 * YEAR) long from,
      @ForAll @LongRange(min = 0, max = 10 * YEAR) long jump) {
    long told = 0;
    for (Announcement announcement :
        new Boundaries(calendar, CATCH_UP).between(from, from + jump)) {
      told +=
          switch (announcement) {
            case Boundary _ -> 1;
            case Gap gap -> gap.count();
          };
    }
    long expected = 0;
    for (Kind kind : Kind.values()) {
      expected += calendar.cycle(kind).count(from, from + jump);
    }
    assertThat(told).isEqualTo(expected);
  }

  @Property
  void next_isTheFirstBoundaryTold(
      @ForAll("calendars") GameCalendar calendar,
      @ForAll @LongRange(min = 0, max = Clock.LAST_GAME_SECOND) long from) {
    Boundaries all = new Boundaries(calendar, CATCH_UP);
    long next = all.next(from);
    assertThat(next).isGreaterThan(from);
    assertThat(all.between(from, next - 1)).isEmpty();
    assertThat(all.between(from, next)).isNotEmpty();
  }

  @Provide
  Arbitrary<GameCalendar> calendars() {
    return Arbitraries.of(STANDARD, NORTHERN, UNEVEN);
  }
}
