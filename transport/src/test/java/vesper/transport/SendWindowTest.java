package vesper.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

final class SendWindowTest {
  private static final Duration BOUND = Duration.ofSeconds(30);

  private final AtomicBoolean open = new AtomicBoolean(true);
  private final SendWindow window = new SendWindow(open::get);

  private void fill() {
    for (int i = 0; i < SendWindow.SIZE; i++) {
      assertThat(window.hasRoom()).isTrue();
      assertThat(window.take()).isTrue();
    }
  }

  /// Takes one more place on a thread of its own, once that thread is parked.
  private CompletableFuture<Boolean> takeParked() {
    CompletableFuture<Boolean> taken = new CompletableFuture<>();
    Thread taker = Thread.ofPlatform().start(() -> taken.complete(window.take()));
    await().atMost(BOUND).until(() -> taker.getState() == Thread.State.WAITING);
    return taken;
  }

  @Test
  void take_beyondTheWindow_waitsForCredit() {
    fill();
    CompletableFuture<Boolean> taken = takeParked();

    assertThat(window.credit(1)).isFalse();

    assertThat(taken).succeedsWithin(BOUND).isEqualTo(true);
  }

  @Test
  void take_whenTheCallEnds_stopsWaiting() {
    fill();
    CompletableFuture<Boolean> taken = takeParked();

    open.set(false);
    window.wake();

    assertThat(taken).succeedsWithin(BOUND).isEqualTo(false);
    assertThat(window.hasRoom()).isFalse();
  }

  @Test
  void take_ofEndedCall_isRefusedEvenWithRoom() {
    open.set(false);

    assertThat(window.take()).isFalse();
  }

  @Test
  void credit_saysOnceThatThereIsRoomAgain() {
    fill();
    assertThat(window.hasRoom()).isFalse();

    assertThat(window.credit(16)).isTrue();
    assertThat(window.credit(17)).isFalse();
    assertThat(window.hasRoom()).isTrue();
  }

  @Test
  void credit_thatCannotBe_isIgnored() {
    fill();

    assertThat(window.credit(SendWindow.SIZE + 1)).isFalse();
    assertThat(window.credit(0)).isFalse();
    assertThat(window.hasRoom()).isFalse();
    window.credit(5);
    assertThat(window.credit(4)).isFalse();
  }

  @Test
  void credit_afterTheEnd_wakesNobody() {
    fill();
    assertThat(window.hasRoom()).isFalse();
    open.set(false);

    assertThat(window.credit(16)).isFalse();
  }
}
