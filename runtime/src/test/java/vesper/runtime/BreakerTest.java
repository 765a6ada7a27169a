package vesper.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import vesper.runtime.Breaker.Admission;

class BreakerTest {
  private static final long BEGIN = 12_345;

  private final Breaker breaker = new Breaker(BEGIN);
  private long now = BEGIN;

  @Test
  void twentyFailures_openIt() {
    assertThat(fail(19)).isFalse();
    assertThat(breaker.admit(now)).isEqualTo(Admission.FREE);

    assertThat(fail(1)).isTrue();
    assertThat(breaker.admit(now)).isEqualTo(Admission.REFUSED);
    assertThat(breaker.state(now)).isEqualTo(1);
    assertThat(breaker.retryIn(now)).isEqualTo(Duration.ofMillis(500));
  }

  @Test
  void fewerFailuresThanAnswers_doNotOpenIt() {
    for (int i = 0; i < 1_000; i++) {
      answer(2);
      assertThat(fail(1)).isFalse();
    }
    assertThat(breaker.isClosed()).isTrue();
  }

  @Test
  void outageUnderLoad_opensItWithinFourSeconds() {
    for (int i = 0; i < 10; i++) {
      answer(1_000);
      pass(1_000);
    }
    int seconds = 0;
    while (!fail(1_000)) {
      seconds++;
      pass(1_000);
    }
    assertThat(seconds).isLessThanOrEqualTo(3);
  }

  @Test
  void oldFailures_areForgotten() {
    fail(19);
    pass(4_000);

    assertThat(fail(19)).isFalse();
    assertThat(breaker.isClosed()).isTrue();
  }

  @Test
  void open_letsOneTryAfterHalfASecondAndClosesWhenItIsAnswered() {
    fail(20);
    pass(499);
    assertThat(breaker.admit(now)).isEqualTo(Admission.REFUSED);
    pass(1);
    assertThat(breaker.state(now)).isEqualTo(2);
    assertThat(breaker.admit(now)).isEqualTo(Admission.TRIAL);
    assertThat(breaker.admit(now)).isEqualTo(Admission.REFUSED);

    breaker.answered(Admission.TRIAL, now);

    assertThat(breaker.admit(now)).isEqualTo(Admission.FREE);
    assertThat(breaker.state(now)).isZero();
    assertThat(fail(19)).isFalse();
    assertThat(fail(1)).isTrue();
  }

  @Test
  void open_trialThatFails_waitsAgain() {
    fail(20);
    pass(500);
    assertThat(breaker.admit(now)).isEqualTo(Admission.TRIAL);
    pass(400);
    breaker.failed(Admission.TRIAL, now);

    pass(499);
    assertThat(breaker.admit(now)).isEqualTo(Admission.REFUSED);
    pass(1);
    assertThat(breaker.admit(now)).isEqualTo(Admission.TRIAL);
  }

  @Test
  void open_trialThatNeverEnds_keepsNobodyFromTrying() {
    fail(20);
    pass(500);
    assertThat(breaker.admit(now)).isEqualTo(Admission.TRIAL);
    pass(500);

    assertThat(breaker.admit(now)).isEqualTo(Admission.TRIAL);
    breaker.answered(Admission.TRIAL, now);
    breaker.failed(Admission.TRIAL, now);
    assertThat(breaker.admit(now)).isEqualTo(Admission.FREE);
  }

  @Test
  void open_lateAnswerOfACallFromBefore_doesNotCloseIt() {
    fail(20);
    answer(5);

    assertThat(breaker.admit(now)).isEqualTo(Admission.REFUSED);
  }

  @Test
  void twoHundredDays_areNoProblem() {
    pass(TimeUnit.DAYS.toMillis(200));
    assertThat(fail(19)).isFalse();
    assertThat(fail(1)).isTrue();
  }

  private void pass(long millis) {
    now += TimeUnit.MILLISECONDS.toNanos(millis);
  }

  private void answer(int calls) {
    for (int i = 0; i < calls; i++) {
      breaker.answered(Admission.FREE, now);
    }
  }

  private boolean fail(int calls) {
    boolean opened = false;
    for (int i = 0; i < calls; i++) {
      opened |= breaker.failed(Admission.FREE, now);
    }
    return opened;
  }
}
