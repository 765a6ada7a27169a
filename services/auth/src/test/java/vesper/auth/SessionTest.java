package vesper.auth;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("AUTH-T3")
class SessionTest {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  private static final SessionRules RULES =
      new SessionRules(
          Duration.ofDays(30), Duration.ofDays(90), Duration.ofDays(180), Duration.ofSeconds(10));
  private static final SessionId ID = new SessionId(new UUID(1, 1));
  private static final Account PLAYER = account(Account.Kind.PLAYER);

  private final Session fresh = Session.open(ID, PLAYER, "", START, RULES);

  private static Account account(Account.Kind kind) {
    return Account.register(new AccountId(new UUID(2, 2)), kind, START);
  }

  private static Session rotated(Session session, Instant now) {
    return session.refresh(session.counter(), now, RULES) instanceof Refresh.Rotated(Session next)
        ? next
        : session;
  }

  @Test
  void open_hasOneTokenAndBothEnds() {
    assertThat(fresh.token()).isEqualTo(new RefreshToken(ID, 1));
    assertThat(fresh.expiresAt()).isEqualTo(START.plus(RULES.idle()));
    assertThat(fresh.lastsUntil()).isEqualTo(START.plus(RULES.absolute()));
    Session guest = Session.open(ID, account(Account.Kind.GUEST), "", START, RULES);
    assertThat(guest.lastsUntil()).isEqualTo(START.plus(RULES.guestAbsolute()));
  }

  @Test
  void refresh_withLiveToken_rotates() {
    Instant later = START.plus(Duration.ofDays(1));

    assertThat(fresh.refresh(1, later, RULES))
        .isEqualTo(
            new Refresh.Rotated(
                new Session(
                    ID,
                    PLAYER.id(),
                    "",
                    2,
                    later,
                    later.plus(RULES.idle()),
                    fresh.lastsUntil(),
                    null)));
  }

  @Test
  void refresh_withReplacedToken_repeatsUntilTheGraceIsOver() {
    Instant rotatedAt = START.plus(Duration.ofHours(1));
    Session second = rotated(fresh, rotatedAt);

    assertThat(second.refresh(1, rotatedAt.plusMillis(9_999), RULES))
        .isEqualTo(new Refresh.Repeated(second));
    assertThat(second.refresh(1, rotatedAt.plusMillis(10_000), RULES))
        .isEqualTo(new Refresh.Refused(Refresh.Reason.REUSED));
  }

  @Test
  void refresh_withTokenReplacedTwice_isReuseAtOnce() {
    Session third = rotated(rotated(fresh, START), START);

    assertThat(third.refresh(1, START, RULES))
        .isEqualTo(new Refresh.Refused(Refresh.Reason.REUSED));
  }

  @Test
  void refresh_ofRestedSession_isExpired() {
    Instant end = START.plus(RULES.idle());

    assertThat(fresh.refresh(1, end.minusNanos(1), RULES)).isInstanceOf(Refresh.Rotated.class);
    assertThat(fresh.refresh(1, end, RULES)).isEqualTo(new Refresh.Refused(Refresh.Reason.EXPIRED));
  }

  @Test
  void refresh_everyDay_endsWithTheAbsoluteLife() {
    Session session = fresh;
    for (int day = 1; day < 90; day++) {
      session = rotated(session, START.plus(Duration.ofDays(day)));
    }

    assertThat(session.counter()).isEqualTo(90);
    assertThat(session.expiresAt()).isEqualTo(START.plus(RULES.absolute()));
    assertThat(session.refresh(90, session.lastsUntil(), RULES))
        .isEqualTo(new Refresh.Refused(Refresh.Reason.EXPIRED));
  }

  @Test
  void refresh_ofEndedSession_isRevoked() {
    var ended =
        new Session(
            ID,
            PLAYER.id(),
            "",
            1,
            START,
            fresh.expiresAt(),
            fresh.lastsUntil(),
            SessionEnd.LOGOUT);

    assertThat(ended.refresh(1, START, RULES))
        .isEqualTo(new Refresh.Refused(Refresh.Reason.REVOKED));
  }

  @Test
  void refresh_withTokenThatTheRowDoesNotKnowYet_isRevoked() {
    assertThat(fresh.refresh(2, START, RULES))
        .isEqualTo(new Refresh.Refused(Refresh.Reason.REVOKED));
  }

  /// A token shown again: which of those handed out so far, counted from the newest, and how long
  /// after the last step.
  record Step(int age, long millis) {}

  @Provide
  Arbitrary<List<Step>> steps() {
    return Combinators.combine(
            Arbitraries.frequency(
                net.jqwik.api.Tuple.of(12, 0),
                net.jqwik.api.Tuple.of(4, 1),
                net.jqwik.api.Tuple.of(1, 2)),
            Arbitraries.of(0L, 1L, 4_000L, 9_999L, 10_000L, 86_400_000L, 2_600_000_000L))
        .as(Step::new)
        .list()
        .ofMaxSize(40);
  }

  /// The same rule told from the client's side: a list of all tokens handed out and the time of the
  /// last new one.
  @Property(tries = 500)
  void refresh_followsTheModel(@ForAll("steps") List<Step> steps) {
    Session session = fresh;
    Instant now = START;
    List<RefreshToken> handedOut = new ArrayList<>(List.of(session.token()));
    Instant newest = START;
    Instant idleEnd = START.plus(RULES.idle());
    boolean over = false;
    for (Step step : steps) {
      now = now.plusMillis(step.millis());
      int index = handedOut.size() - 1 - step.age();
      if (index < 0) {
        continue;
      }
      Refresh outcome = session.refresh(handedOut.get(index).counter(), now, RULES);
      boolean alive = now.isBefore(idleEnd) && now.isBefore(START.plus(RULES.absolute()));
      if (over) {
        assertThat(outcome).isEqualTo(new Refresh.Refused(Refresh.Reason.REVOKED));
      } else if (!alive) {
        assertThat(outcome).isEqualTo(new Refresh.Refused(Refresh.Reason.EXPIRED));
      } else if (step.age() == 0) {
        assertThat(outcome).isInstanceOf(Refresh.Rotated.class);
        session = ((Refresh.Rotated) outcome).next();
        assertThat(handedOut).doesNotContain(session.token());
        handedOut.add(session.token());
        newest = now;
        idleEnd = now.plus(RULES.idle());
      } else if (step.age() == 1 && Duration.between(newest, now).toSeconds() < 10) {
        assertThat(outcome).isEqualTo(new Refresh.Repeated(session));
        assertThat(session.token()).isEqualTo(handedOut.getLast());
      } else {
        assertThat(outcome).isEqualTo(new Refresh.Refused(Refresh.Reason.REUSED));
        session = ended(session);
        over = true;
      }
    }
  }

  private static Session ended(Session session) {
    return new Session(
        session.id(),
        session.account(),
        session.world(),
        session.counter(),
        session.rotatedAt(),
        session.expiresAt(),
        session.lastsUntil(),
        SessionEnd.REUSE);
  }
}
