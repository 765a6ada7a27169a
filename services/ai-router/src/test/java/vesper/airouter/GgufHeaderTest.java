package vesper.airouter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.OptionalInt;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GgufHeaderTest {
  @TempDir private Path folder = Path.of("");

  @Test
  void context_isRead() throws IOException {
    assertThat(read(GgufFile.model(512))).hasValue(512);
    assertThat(read(GgufFile.of(2).context("gemma", 131_072L).bytes())).hasValue(131_072);
  }

  @Test
  void headerWithoutContext_saysNothing() throws IOException {
    assertThat(read(GgufFile.of(3).text("general.name", "x").bytes())).isEmpty();
    assertThat(read(GgufFile.of(3).text("llama.context_length", "512").bytes())).isEmpty();
    assertThat(read(GgufFile.of(3).context("llama", 1L << 40).bytes())).isEmpty();
  }

  @Test
  void otherFiles_areNoModels() {
    assertRefused("hello, world, this is text".getBytes(StandardCharsets.UTF_8), "no GGUF model");
    assertRefused(new byte[0], "ends within");
    assertRefused(GgufFile.of(1).bytes(), "version 1");
    assertRefused(GgufFile.of(3).entries(1L << 60).bytes(), "damaged");
    assertRefused(GgufFile.of(3).entries(-1).bytes(), "damaged");
    assertRefused(GgufFile.of(3).entries(1).bytes(), "ends within");
    assertRefused(GgufFile.of(3).key("x").type(99).bytes(), "damaged");
    assertRefused(GgufFile.of(3).key("x").type(8).length(1L << 50).bytes(), "damaged");
    assertRefused(GgufFile.of(3).key("x").type(8).length(100).bytes(), "ends within");
    assertRefused(GgufFile.of(3).key("x").type(9).type(9).length(1).bytes(), "damaged");
    assertRefused(GgufFile.of(3).key("x").type(9).type(4).length(1L << 62).bytes(), "damaged");
    assertRefused(GgufFile.of(3).key("x").type(9).type(8).length(-1).bytes(), "damaged");
  }

  @Test
  void damagedHeader_isRefusedAndNothingElse() throws IOException {
    byte[] whole = GgufFile.model(512);
    Random random = new Random(7);
    for (int round = 0; round < 2_000; round++) {
      byte[] damaged = Arrays.copyOf(whole, random.nextInt(whole.length + 1));
      for (int change = 0; change < 3 && damaged.length > 0; change++) {
        damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
      }
      try {
        assertThat(read(damaged).orElse(1)).isPositive();
      } catch (GgufHeader.NotGguf refused) {
        assertThat(refused).hasMessageNotContaining("null");
      }
    }
  }

  private void assertRefused(byte[] bytes, String reason) {
    assertThatThrownBy(() -> read(bytes))
        .isInstanceOf(GgufHeader.NotGguf.class)
        .hasMessageContaining(reason);
  }

  private OptionalInt read(byte[] bytes) throws IOException {
    Path file = folder.resolve("model.gguf");
    Files.write(file, bytes);
    return GgufHeader.contextTokens(file);
  }
}
