package vesper.npc;

import io.grpc.Context;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import vesper.pack.v1.DayPart;
import vesper.pack.v1.Phase;
import vesper.time.v1.GameTime;
import vesper.time.v1.GetTimeRequest;
import vesper.time.v1.MoonPhase;
import vesper.time.v1.TimeGrpc;

/// Asks time-manager for the time of one world, at most once a second, so that talks do not depend
/// on it: while it is away, game seconds run on at the last known rate and the time has no words.
final class TimeReader {
  private static final Logger LOG = LoggerFactory.getLogger(TimeReader.class);
  private static final Duration FRESH = Duration.ofSeconds(1);
  private static final Duration PATIENCE = Duration.ofMillis(250);
  private static final Duration FIRST_PATIENCE = Duration.ofSeconds(2);

  private final String world;
  private final Script script;
  private final TimeGrpc.TimeBlockingStub time;
  private final InstantSource clock;
  private @Nullable Reading last;

  TimeReader(String world, Script script, TimeGrpc.TimeBlockingStub time, InstantSource clock) {
    this.world = world;
    this.script = script;
    this.time = time;
    this.clock = clock;
  }

  /// The time of a world as far as it is known.
  ///
  /// @param moment in words; empty while nobody tells it
  /// @param gameSeconds since the world's first instant
  record Known(Optional<Moment> moment, long gameSeconds) {}

  /// What was read.
  ///
  /// @param askedAt real time of the last question
  /// @param moment the answer in words, if there was one
  /// @param since real time at which the world had `gameSeconds`
  /// @param rate game seconds a real second, 0 in a paused world
  private record Reading(
      Instant askedAt, Optional<Moment> moment, Instant since, long gameSeconds, double rate) {

    long gameSecondsAt(Instant now) {
      double passed = Duration.between(since, now).toMillis() / 1_000. * rate;
      return gameSeconds + Math.max(0, (long) passed);
    }
  }

  /// Returns the time. One caller at a time asks; others wait for the answer.
  synchronized Known read() {
    var now = clock.instant();
    var reading = last == null || isOld(last, now) ? ask(last, now) : last;
    last = reading;
    return new Known(reading.moment(), reading.gameSecondsAt(now));
  }

  private static boolean isOld(Reading reading, Instant now) {
    return Duration.between(reading.askedAt(), now).abs().compareTo(FRESH) > 0;
  }

  private Reading ask(@Nullable Reading before, Instant now) {
    var patience = before == null ? FIRST_PATIENCE : PATIENCE;
    // The answer is for all who wait: it does not end when the one who asks gives up.
    var alone = Context.current().fork();
    var callers = alone.attach();
    try {
      var answer =
          time.withDeadlineAfter(patience.toMillis(), TimeUnit.MILLISECONDS)
              .getTime(GetTimeRequest.newBuilder().setWorldId(world).build());
      var clockState = answer.getClock();
      double rate =
          clockState.getPaused()
              ? 0
              : (double) clockState.getRate().getNumerator()
                  / Math.max(1, clockState.getRate().getDenominator());
      return new Reading(now, moment(answer), now, answer.getGameSeconds(), rate);
    } catch (StatusRuntimeException e) {
      if (before == null || before.moment().isPresent()) {
        LOG.atWarn()
            .addKeyValue("world", world)
            .addKeyValue("status", e.getStatus().getCode())
            .log("Nobody tells the time; talks go on without it");
      }
      return before == null
          ? new Reading(now, Optional.empty(), now, script.startGameSeconds(), 0)
          : new Reading(now, Optional.empty(), before.since(), before.gameSeconds(), before.rate());
    } finally {
      alone.detach(callers);
    }
  }

  private Optional<Moment> moment(GameTime answer) {
    var date = answer.getDate();
    boolean told =
        answer.getDayPart() != vesper.time.v1.DayPart.DAY_PART_UNSPECIFIED
            && answer.getPhase() != vesper.time.v1.Phase.PHASE_UNSPECIFIED
            && answer.getMoon().getPhase() != MoonPhase.MOON_PHASE_UNSPECIFIED;
    return told
        ? Optional.of(
            new Moment(
                answer.getGameSeconds(),
                DayPart.valueOf(answer.getDayPart().name()),
                Phase.valueOf(answer.getPhase().name()),
                Moment.clock(date.getHour(), date.getMinute()),
                answer.getSeason().getName(),
                date.getWeekdayName(),
                script.moon(answer.getMoon().getPhase().getNumber() - 1)))
        : Optional.empty();
  }
}
