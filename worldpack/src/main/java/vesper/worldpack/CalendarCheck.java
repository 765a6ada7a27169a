package vesper.worldpack;

import static java.util.Comparator.comparingInt;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.function.IntFunction;
import vesper.pack.v1.Calendar;
import vesper.pack.v1.Phase;

/// P008: seasons that do not cover the year exactly once, phases that do not cover the day exactly
/// once, and a moon without eight names.
final class CalendarCheck implements PackCheck {
  private static final int MOON_PHASES = 8;
  private static final int PHASES = 4;

  /// A stretch of a circle, such as a phase of the day.
  ///
  /// @param path where its beginning is given
  private record Arc(int begin, int end, String path) {}

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
    var arcs = new ArrayList<Arc>();
    for (int i = 0; i < calendar.getSeasonsCount(); i++) {
      var season = calendar.getSeasons(i);
      var path = "seasons[%d].".formatted(i);
      if (season.getFirstMonth() > months || season.getLastMonth() > months) {
        findings.error(
            "P008",
            document,
            path + (season.getFirstMonth() > months ? "first_month" : "last_month"),
            "The year has only %d months.".formatted(months),
            "");
        return;
      }
      if (season.getFirstMonth() < 1 || season.getLastMonth() < 1) {
        return; // Missing or out of range, which its rule has reported.
      }
      arcs.add(
          new Arc(
              season.getFirstMonth(), season.getLastMonth() % months + 1, path + "first_month"));
    }
    if (arcs.size() > 1) {
      checkCircle(document, "season", arcs, month -> "month " + month, findings);
    } else if (arcs.getFirst().begin() != arcs.getFirst().end()) {
      findings.error("P008", document, "seasons[0]", "The only season is not the whole year.", "");
    }
  }

  private static void checkPhases(Document<Calendar> document, Findings findings) {
    var calendar = document.message();
    var arcs = new ArrayList<Arc>();
    var seen = new HashSet<Phase>();
    for (int i = 0; i < calendar.getPhasesCount(); i++) {
      var span = calendar.getPhases(i);
      var path = "phases[%d].".formatted(i);
      if (!isTime(span.getFrom()) || !isTime(span.getTo()) || !span.hasPhase()) {
        return; // Its rules have reported it.
      }
      if (!seen.add(span.getPhase())) {
        findings.error(
            "P008",
            document,
            path + "phase",
            "The phase is given twice.",
            "Each of dawn, day, dusk and night is one stretch of the day.");
        return;
      }
      arcs.add(new Arc(minute(span.getFrom()), minute(span.getTo()), path + "from"));
    }
    if (seen.size() < PHASES) {
      findings.error(
          "P008",
          document,
          "phases",
          "Of the four phases only %d are given.".formatted(seen.size()),
          "Give dawn, day, dusk and night.");
      return;
    }
    checkCircle(document, "phase", arcs, m -> "%02d:%02d".formatted(m / 60, m % 60), findings);
  }

  /// Reports each of several arcs that does not begin where the one before it ends.
  private static void checkCircle(
      Document<Calendar> document,
      String kind,
      List<Arc> arcs,
      IntFunction<String> name,
      Findings findings) {
    var sorted = arcs.stream().sorted(comparingInt(Arc::begin)).toList();
    var before = sorted.getLast();
    for (var arc : sorted) {
      if (arc.begin() != before.end() || arc.begin() == before.begin()) {
        findings.error(
            "P008",
            document,
            arc.path(),
            "The %s begins at %s, and the one before ends at %s."
                .formatted(kind, name.apply(arc.begin()), name.apply(before.end())),
            "Each %s begins where another ends.".formatted(kind));
      }
      before = arc;
    }
  }

  private static boolean isTime(String text) {
    return text.matches("[0-9]{2}:[0-9]{2}");
  }

  private static int minute(String time) {
    return Integer.parseInt(time.substring(0, 2)) * 60 + Integer.parseInt(time.substring(3));
  }
}
