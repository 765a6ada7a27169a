package vesper.time;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import vesper.time.Boundary.Kind;

/// The boundaries of a calendar between two moments.
///
/// When little was missed all of them are told in order. When more was missed than a limit, hours
/// and phases become one gap, and of the others the first come one by one and the rest as a second
/// gap.
final class Boundaries {
  /// Boundaries of years, seasons, days and the moon told one by one after a long gap.
  private static final int MOST_AFTER_GAP = 400;

  private static final Set<Kind> SHORT = Set.of(Kind.PHASE, Kind.HOUR);
  private static final Set<Kind> LONG = EnumSet.complementOf(EnumSet.copyOf(SHORT));
  private static final Set<Kind> ALL = EnumSet.allOf(Kind.class);

  private final GameCalendar calendar;
  private final long catchUpSeconds;

  /// @param catchUpSeconds the longest time of which every boundary is told
  Boundaries(GameCalendar calendar, long catchUpSeconds) {
    this.calendar = calendar;
    this.catchUpSeconds = catchUpSeconds;
  }

  /// Returns the first moment after another at which anything begins.
  long next(long gameSeconds) {
    return next(ALL, gameSeconds);
  }

  /// Returns what is told when a clock has gone from one moment to another: boundaries after the
  /// one, up to and including the other.
  List<Announcement> between(long after, long upTo) {
    List<Announcement> told = new ArrayList<>();
    if (upTo - after <= catchUpSeconds) {
      tell(ALL, after, upTo, Integer.MAX_VALUE, told);
      return told;
    }
    tellGap(SHORT, after, upTo, told);
    long reached = tell(LONG, after, upTo, MOST_AFTER_GAP, told);
    tellGap(LONG, reached, upTo, told);
    return told;
  }

  /// Adds whole moments, in order, until the next one would exceed `most` boundaries; returns the
  /// last moment up to which everything was added.
  private long tell(Set<Kind> kinds, long after, long upTo, int most, List<Announcement> told) {
    long reached = after;
    int count = 0;
    for (long at = next(kinds, after); at <= upTo; at = next(kinds, at)) {
      List<Boundary> moment = new ArrayList<>();
      for (Kind kind : Kind.values()) {
        if (kinds.contains(kind) && calendar.cycle(kind).count(at - 1, at) == 1) {
          moment.add(new Boundary(kind, at));
        }
      }
      if (count + moment.size() > most) {
        return reached;
      }
      count += moment.size();
      told.addAll(moment);
      reached = at;
    }
    return upTo;
  }

  private void tellGap(Set<Kind> kinds, long after, long upTo, List<Announcement> told) {
    long count = kinds.stream().mapToLong(kind -> calendar.cycle(kind).count(after, upTo)).sum();
    if (count > 0) {
      told.add(new Announcement.Gap(after, upTo, kinds, count));
    }
  }

  private long next(Set<Kind> kinds, long gameSeconds) {
    return kinds.stream()
        .mapToLong(kind -> calendar.cycle(kind).next(gameSeconds))
        .min()
        .orElseThrow();
  }
}
