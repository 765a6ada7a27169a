package vesper.ai;

import com.google.protobuf.Duration;
import com.google.protobuf.util.Durations;
import io.opentelemetry.api.trace.Span;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import vesper.ai.v1.AttemptKind;
import vesper.ai.v1.DecisionAttempt;
import vesper.ai.v1.TokenUsage;
import vesper.ai.v1.UsageSource;
import vesper.airouter.v1.Outcome;
import vesper.airouter.v1.RouteCandidate;
import vesper.runtime.Tracing;

/// One call to a model: its words are handed on until it has said all or must be given up. For one
/// thread.
final class Attempt {
  private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
  private static final String NONE = "NONE";

  private final Course course;
  private final RouteCandidate candidate;
  private final Words words;
  private final Time time;
  private final long begun = System.nanoTime();
  private long firstToken;
  private long lastToken;
  private int tokens;
  private TokenUsage usage = TokenUsage.getDefaultInstance();

  /// @param words the way of the model's words to whoever reads them
  Attempt(Course course, RouteCandidate candidate, Words words, Time time) {
    this.course = course;
    this.candidate = candidate;
    this.words = words;
    this.time = time;
  }

  /// What an attempt may take.
  ///
  /// @param firstToken until when it must come
  /// @param limits of the answer
  /// @param stall longest silence after the first token
  /// @param isFair whether that is the time that an endpoint usually has
  record Time(long firstToken, Limits limits, java.time.Duration stall, boolean isFair) {}

  /// How an attempt ended.
  ///
  /// @param failure none when the model said all
  /// @param cut whether the model reached its limit of tokens
  record Ended(@Nullable Failure failure, boolean cut) {
    static Ended by(Failure failure) {
      return new Ended(failure, false);
    }
  }

  /// Calls the model.
  ///
  /// @param promptTokens of what it is told
  Ended run(Endpoints.Place place, Backend backend, Backend.Call call, int promptTokens)
      throws InterruptedException {
    if (!enter(place)) {
      return over(Ended.by(course.audience().gone() ? Failure.CANCELLED : Failure.BUSY));
    }
    Tracing tracing = course.means().tracing();
    Span span =
        tracing.begin(course.ask().call(), "backend " + candidate.getEndpoint().getEndpointId());
    Span first = tracing.begin(AiModule.ID, "first token", Tracing.traceparent(span));
    Inbox inbox = new Inbox(course.audience().alarm(), place.slots()::release);
    boolean ready = backend.loaded();
    Backend.Running running = backend.stream(call, inbox);
    Ended ended = Ended.by(Failure.CANCELLED);
    try {
      ended = listen(inbox, first, ready);
    } finally {
      running.cancel();
      inbox.close();
      if (firstToken == 0) {
        Tracing.end(first, NONE, true);
      }
      Failure failure = ended.failure();
      Tracing.end(span, failure == null ? "OK" : failure.outcome(), failure != null);
      assume(promptTokens);
      over(ended);
    }
    return ended;
  }

  /// Notes an attempt that called nobody.
  Ended fail(Failure failure) {
    return over(Ended.by(failure));
  }

  /// Tokens, counted or assumed.
  TokenUsage usage() {
    return usage;
  }

  /// Takes one of the endpoint's slots; false when there is none in time.
  private boolean enter(Endpoints.Place place) throws InterruptedException {
    while (!course.audience().gone()) {
      long left = time.firstToken() - System.nanoTime();
      if (place.slots().tryAcquire(Math.min(left, LOOK_NANOS), TimeUnit.NANOSECONDS)) {
        return true;
      }
      if (left <= 0) {
        return false;
      }
    }
    return false;
  }

  private Ended listen(Inbox inbox, Span first, boolean ready) throws InterruptedException {
    Audience audience = course.audience();
    while (true) {
      if (audience.gone()) {
        return Ended.by(Failure.CANCELLED);
      }
      audience.flush();
      audience.checkPatience();
      long now = System.nanoTime();
      Inbox.Said said = inbox.poll();
      long due = due();
      if (now - due >= 0 && (said == null || now - time.limits().whole() >= 0)) {
        return Ended.by(late(now, ready));
      }
      switch (said) {
        case null -> {
          course.say(words.tick(now), candidate);
          if (!words.blocked()) {
            audience.alarm().await(Math.min(LOOK_NANOS, due - now));
          }
        }
        case Inbox.Said.Token(var text, var at) -> {
          if (firstToken == 0) {
            firstToken = at;
            Tracing.end(first, "OK", false);
            course.draft().firstToken();
          }
          lastToken = at;
          tokens++;
          course.say(words.accept(text, now), candidate);
        }
        case Inbox.Said.Over(Backend.End.Failed(var failure)) -> {
          return Ended.by(failure);
        }
        case Inbox.Said.Over(Backend.End.Complete(var cut, var counted)) -> {
          usage = counted;
          course.say(words.finish(now), candidate);
          if (!words.blocked()) {
            return words.shown().isEmpty() ? Ended.by(Failure.EMPTY) : new Ended(null, cut);
          }
        }
      }
      if (words.blocked()) {
        return Ended.by(Failure.GUARD);
      }
    }
  }

  /// When the attempt is given up if nothing happens.
  private long due() {
    if (firstToken == 0) {
      return time.firstToken();
    }
    long stalled = lastToken + time.stall().toNanos();
    long end = words.shown().isEmpty() ? time.limits().firstText() : time.limits().whole();
    return stalled - end < 0 ? stalled : end;
  }

  private Failure late(long now, boolean ready) {
    boolean silent = firstToken != 0 && now - lastToken >= time.stall().toNanos();
    if (silent) {
      return Failure.STALLED;
    }
    return time.isFair() && ready ? Failure.TIMEOUT : Failure.TOO_LATE;
  }

  /// Counts tokens where nobody else did.
  private void assume(int promptTokens) {
    if (usage.getSource() == UsageSource.USAGE_SOURCE_UNSPECIFIED && firstToken != 0) {
      usage =
          TokenUsage.newBuilder()
              .setInputTokens(promptTokens)
              .setOutputTokens(tokens)
              .setSource(UsageSource.USAGE_SOURCE_ASSUMED)
              .build();
    }
  }

  /// Writes down how it ended, and tells the router.
  private Ended over(Ended ended) {
    long end = System.nanoTime();
    Failure failure = ended.failure();
    var known = course.draft().record();
    int number = known.getAttemptsCount() + 1;
    var spec = candidate.getEndpoint();
    DecisionAttempt.Builder attempt =
        DecisionAttempt.newBuilder()
            .setNumber(number)
            .setKind(kind(number))
            .setEndpointId(spec.getEndpointId())
            .setTier(candidate.getTier())
            .setOutcome(failure == null ? "ok" : failure.outcome())
            .setStarted(Durations.fromNanos(begun - course.ask().startNanos()))
            .setTotal(Durations.fromNanos(end - begun))
            .setUsage(usage);
    Outcome.Builder outcome =
        Outcome.newBuilder()
            .setAttemptId(course.ask().decision() + "/" + number)
            .setEndpointId(spec.getEndpointId())
            .setResult(Failure.resultOf(failure))
            .setTotal(Durations.fromNanos(end - begun))
            .setOutputTokens(usage.getOutputTokens());
    if (firstToken != 0) {
      Duration taken = Durations.fromNanos(firstToken - begun);
      attempt.setFirstToken(taken);
      outcome.setFirstToken(taken);
    }
    if (failure != null) {
      failure
          .retryAfter()
          .ifPresent(pause -> outcome.setRetryAfter(Durations.fromSeconds(pause.toSeconds())));
    }
    known.addAttempts(attempt);
    if (outcome.getResultValue() != 0) {
      course.means().outcomes().report(outcome.build());
    }
    return ended;
  }

  private AttemptKind kind(int number) {
    if (number == 1) {
      return AttemptKind.ATTEMPT_KIND_PRIMARY;
    }
    return candidate.getDownTier()
        ? AttemptKind.ATTEMPT_KIND_FALLBACK
        : AttemptKind.ATTEMPT_KIND_RETRY;
  }
}
