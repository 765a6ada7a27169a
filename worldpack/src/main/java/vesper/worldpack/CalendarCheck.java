package vesper.worldpack;

import java.time.LocalTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Optional;
import java.util.function.IntFunction;
import vesper.pack.v1.Calendar;
import vesper.pack.v1.Phase;
import vesper.pack.v1.PhaseSpan;

/// P008: months outside every season or in two, phases that do not cover the day exactly once, and
/// a moon without eight names.
final class CalendarCheck implements PackCheck {
  private static final int MINUTES = 24 * 60;
  private static final int MOON_PHASES = 8;

  @Override
  public void check(Draft draft, Findings findings) {
    var document = draft.calendar();
    checkSeasons(document, findings);
    checkPhases(document, findings);
    int names = document.message().getMoon().getPhaseNamesCount();
    if (names != MOON_PHASES) {
      findings.error(
          "P008",
          document,
          "moon.phase_names",
          "The moon has eight phases, and %d names are given.".formatted(names),
          "Name them from the new moon on, or leave the key out.");
    }
  }

  private static void checkSeasons(Document<Calendar> document, Findings findings) {
    var calendar = document.message();
    int months = calendar.getMonthsCount();
    var covered = new int[months];
    for (int i = 0; i < calendar.getSeasonsCount(); i++) {
      var season = calendar.getSeasons(i);
      if (!season.hasFirstMonth() || !season.hasLastMonth()) {
        return;
      }
      if (season.getFirstMonth() > months || season.getLastMonth() > months) {
        findings.error(
            "P008",
            document,
            "seasons[%d].%s"
                .formatted(i, season.getFirstMonth() > months ? "first_month" : "last_month"),
            "The year has only %d months.".formatted(months),
            "");
        return;
      }
      if (season.getFirstMonth() < 1 || season.getLastMonth() < 1) {
        return;
      }
      cover(covered, season.getFirstMonth() - 1, season.getLastMonth() % months, true);
    }
    uneven(covered, i -> "month " + (i + 1), "season")
        .ifPresent(message ->
            findings.error(
                "P008", document, "seasons", message, "Every month has exactly one season."));
  }

  private static void checkPhases(Document<Calendar> document, Findings findings) {
    var calendar = document.message();
    var covered = new int[MINUTES];
    var seen = new ArrayList<Phase>();
    for (int i = 0; i < calendar.getPhasesCount(); i++) {
      var span = calendar.getPhases(i);
      var from = minute(span.getFrom());
      var to = minute(span.getTo());
      if (from.isEmpty() || to.isEmpty() || !span.hasPhase()) {
        return;
      }
      if (seen.contains(span.getPhase())) {
        findings.error(
            "P008",
            document,
            "phases[%d].phase".formatted(i),
            "The phase is given twice.",
            "Each of dawn, day, dusk and night is one stretch of the day.");
        return;
      }
      seen.add(span.getPhase());
      cover(covered, from.get(), to.get(), !isEmpty(span));
    }
    if (seen.size() < Phase.values().length - 2) {
      findings.error(
          "P008",
          document,
          "phases",
          "Of the four phases only %d are given.".formatted(seen.size()),
          "Give dawn, day, dusk and night.");
      return;
    }
    uneven(covered, i -> "%02d:%02d".formatted(i / 60, i % 60), "phase")
        .ifPresent(message ->
            findings.error("P008", document, "phases", message, "The phases cover 24 hours once."));
  }

  private static boolean isEmpty(PhaseSpan span) {
    return span.getFrom().equals(span.getTo());
  }

  private static Optional<Integer> minute(String time) {
    try {
      var parsed = LocalTime.parse(time);
      return Optional.of(parsed.getHour() * 60 + parsed.getMinute());
    } catch (DateTimeParseException _) {
      return Optional.empty();
    }
  }

  /// Counts the slots from one index up to another, around the end of the array when need be; equal
  /// indexes stand for the whole circle, or for nothing.
  private static void cover(int[] covered, int from, int to, boolean wholeIfEqual) {
    if (from == to && !wholeIfEqual) {
      return;
    }
    int i = from;
    do {
      covered[i]++;
      i = (i + 1) % covered.length;
    } while (i != to);
  }

  private static Optional<String> uneven(int[] covered, IntFunction<String> name, String what) {
    for (int i = 0; i < covered.length; i++) {
      if (covered[i] == 0) {
        return Optional.of("There is no %s at %s.".formatted(what, name.apply(i)));
      }
      if (covered[i] > 1) {
        return Optional.of("There is more than one %s at %s.".formatted(what, name.apply(i)));
      }
    }
    return Optional.empty();
  }
}
