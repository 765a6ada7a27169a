package vesper.infrastructure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessIdentityTest {
  private final ProcessIdentity own = ProcessIdentity.current();

  @Test
  void find_itself_isFound() {
    assertThat(own.find()).contains(ProcessHandle.current());
    assertThat(own.isRecycled()).isFalse();
  }

  @Test
  void find_startOffByMoment_isFound() {
    assertThat(started(own.startedAt().plusSeconds(2)).find()).isPresent();
    assertThat(started(own.startedAt().minusSeconds(2)).find()).isPresent();
  }

  @Test
  void find_otherStart_isNotFound() {
    assertThat(started(own.startedAt().plusSeconds(3600)).find()).isEmpty();
    assertThat(started(own.startedAt().minusSeconds(3600)).find()).isEmpty();
  }

  @Test
  void isRecycled_onlyWhenSurelyAStranger() {
    assertThat(started(own.startedAt().minusSeconds(3600)).isRecycled()).isTrue();
    assertThat(started(own.startedAt().plusSeconds(3600)).isRecycled()).isFalse();
    assertThat(new ProcessIdentity(own.pid(), own.startedAt(), "postgres").isRecycled()).isTrue();
  }

  @Test
  void find_otherProgram_isNotFound() {
    assertThat(new ProcessIdentity(own.pid(), own.startedAt(), "postgres").find()).isEmpty();
  }

  @Test
  void find_deadProcess_isNotFound() throws Exception {
    Process process = new ProcessBuilder("sleep", "600").start();
    Instant start = process.info().startInstant().orElseThrow();
    ProcessIdentity sleep = new ProcessIdentity(process.pid(), start, "sleep");
    process.destroyForcibly().waitFor();
    assertThat(sleep.find()).isEmpty();
    assertThat(sleep.isRecycled()).isFalse();
  }

  @Test
  void create_withoutPidOrProgram_isRefused() {
    assertThatThrownBy(() -> new ProcessIdentity(0, Instant.EPOCH, "sleep"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new ProcessIdentity(1, Instant.EPOCH, ""))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void record_writtenAndRead_isTheSame(@TempDir Path folder) {
    ServerRecord record = new ServerRecord(own, 4222);
    record.write(folder.resolve("process"));
    assertThat(ServerRecord.read(folder.resolve("process"))).contains(record);
    assertThat(folder.toFile().list()).containsExactly("process");
  }

  @Test
  void record_absentOrDamaged_isNone(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("process");
    assertThat(ServerRecord.read(file)).isEmpty();
    Files.writeString(file, "pid=12\nstarted=yesterday\nprogram=postgres\nport=1\n");
    assertThat(ServerRecord.read(file)).isEmpty();
    Files.writeString(file, "half a li");
    assertThat(ServerRecord.read(file)).isEmpty();
  }

  private ProcessIdentity started(Instant start) {
    return new ProcessIdentity(own.pid(), start, own.program());
  }
}
