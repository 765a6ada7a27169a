package vesper.prompt;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("AI-6")
class WindowTest {
  private static final Window WINDOW = new Window(128_000);

  @Test
  void crowded_aboveNineTenthsOfWhatIsNotReserved() {
    assertThat(WINDOW.crowded(114_000, 969)).isFalse();
    assertThat(WINDOW.crowded(114_000, 970)).isTrue();
  }

  @Test
  void room_isWhatThePromptLeaves() {
    assertThat(WINDOW.room(127_000, 8_192)).isEqualTo(744);
    assertThat(WINDOW.room(1_000, 512)).isEqualTo(512);
    assertThat(WINDOW.room(128_000, 512)).isNegative();
  }

  @Test
  void budget_leavesRoomForTheAnswer() {
    assertThat(WINDOW.budget(512)).isEqualTo(128_000 - 256 - 512);
    assertThat(WINDOW.budget(8)).isEqualTo(128_000 - 256 - 32);
    assertThat(WINDOW.room(WINDOW.budget(512), 512)).isEqualTo(512);
  }
}
