package vesper.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamManagement;
import io.nats.client.Nats;
import io.nats.client.api.MessageInfo;
import io.nats.client.api.StreamConfiguration;
import io.nats.client.impl.Headers;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import vesper.testing.TestNats;
import vesper.time.v1.HourChanged;

class DlqCommandTest {
  private static final String CONSUMER = "npc-behavior__time__hour_changed";

  private final TestNats.Owned nats = TestNats.startOwn();
  private final Connection connection;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  @TempDir private Path data = Path.of("");

  DlqCommandTest() throws Exception {
    connection = Nats.connect(nats.url().toString());
  }

  @BeforeEach
  void createSystem() throws Exception {
    URI nowhere = URI.create("http://127.0.0.1:1");
    new RunningSystem(
            RunningSystem.State.READY,
            "0",
            Instant.EPOCH,
            "w",
            "/w",
            nowhere,
            nowhere,
            nats.url(),
            nowhere,
            List.of(RunningSystem.Part.of("vesper", ProcessHandle.current().pid())))
        .write(data.resolve("running.json"));
    JetStreamManagement streams = connection.jetStreamManagement();
    streams.addStream(StreamConfiguration.builder().name("DLQ").subjects("dlq.>").build());
    streams.addStream(
        StreamConfiguration.builder().name("EVT_WORLD").subjects("evt.time.>").build());
  }

  @AfterEach
  void close() throws InterruptedException {
    connection.close();
    nats.close();
  }

  @Test
  void list_withoutLetters_saysSo() {
    assertThat(dlq()).isZero();
    assertThat(out.toString()).contains("no dead letters");
  }

  @Test
  void list_showsLettersByConsumer() throws Exception {
    put(7, "event-7", "0");
    put(8, "event-8", "0");

    assertThat(dlq()).isZero();

    assertThat(out.toString())
        .contains(CONSUMER + " · 2 letters", "evt.time.hour_changed", "harbor", "IllegalState");
    assertThat(dlq("--consumer", CONSUMER, "--json")).isZero();
    assertThat(out.toString()).contains("\"errorText\":\"no such 100% boat\"");
    assertThat(dlq("--consumer", "npc-behavior__time__hour_change")).isEqualTo(1);
    assertThat(err.toString()).contains("did you mean '" + CONSUMER + "'");
  }

  @Test
  void show_decodesTheEvent() throws Exception {
    put(7, "event-7", "0");

    assertThat(dlq("show", "1")).isZero();

    assertThat(out.toString())
        .contains("\"hour\":7", "no such 100% boat", "evt.time.hour_changed.v1.harbor")
        .contains("vesper-dlq-seq: 42");
  }

  @Test
  void anyCommand_ofAnUnknownLetter_saysWhereToLook() throws Exception {
    put(7, "event-7", "0");
    assertThat(dlq("show", "99")).isEqualTo(1);
    assertThat(dlq("replay", "1", "99")).isEqualTo(1);
    assertThat(dlq("discard", "99", "--reason", "x")).isEqualTo(1);
    assertThat(err.toString()).contains("there is no dead letter 99", "./vesper events dlq");
    assertThat(letters()).isEqualTo(1);
    assertThat(dlq("replay")).isEqualTo(CommandFailure.USAGE);
    assertThat(dlq("discard", "1")).isEqualTo(CommandFailure.USAGE);
  }

  @Test
  void replay_dryRun_changesNothing() throws Exception {
    put(7, "event-7", "0");
    assertThat(dlq("replay", "--consumer", CONSUMER, "--dry-run")).isZero();
    assertThat(out.toString()).contains("1 would be replayed");
    assertThat(letters()).isEqualTo(1);
    assertThat(
            connection
                .jetStreamManagement()
                .getStreamInfo("EVT_WORLD")
                .getStreamState()
                .getMsgCount())
        .isZero();
  }

  @Test
  void replay_publishesTheEventForItsConsumerOnly() throws Exception {
    put(7, "event-7", "0");
    put(8, "event-8", "1");

    assertThat(dlq("replay", "--consumer", CONSUMER)).isZero();

    assertThat(letters()).isZero();
    MessageInfo first = connection.jetStreamManagement().getMessage("EVT_WORLD", 1);
    Headers headers = Objects.requireNonNull(first.getHeaders());
    assertThat(first.getSubject()).isEqualTo("evt.time.hour_changed.v1.harbor");
    assertThat(HourChanged.parseFrom(first.getData()).getHour()).isEqualTo(7);
    assertThat(headers.getFirst("ce-id")).isEqualTo("event-7");
    assertThat(headers.getFirst("ce-partitionkey")).isEqualTo("harbor");
    assertThat(headers.getFirst("vesper-replay-for")).isEqualTo(CONSUMER);
    assertThat(headers.getFirst("vesper-replays")).isEqualTo("1");
    assertThat(headers.getFirst("Nats-Msg-Id")).isEqualTo("rp:1:event-7");
    assertThat(headers.containsKey("vesper-dlq-error")).isFalse();
    assertThat(Files.readString(data.resolve("logs/dead-letters.log")))
        .contains("replayed letter=1 consumer=" + CONSUMER);
  }

  @Test
  void replay_ofWhatFailedThreeTimes_needsForce() throws Exception {
    put(7, "event-7", "2");
    assertThat(dlq("replay", "1")).isEqualTo(1);
    assertThat(out.toString()).contains("failed 3 times", "--force");
    assertThat(letters()).isEqualTo(1);
    assertThat(dlq("replay", "1", "--force")).isZero();
    assertThat(letters()).isZero();
  }

  @Test
  void discard_removesTheLetterAndKeepsTheReason() throws Exception {
    put(7, "event-7", "0");
    assertThat(dlq("discard", "1", "--reason", "the harbor\nis gone")).isZero();
    assertThat(letters()).isZero();
    assertThat(Files.readString(data.resolve("logs/dead-letters.log")))
        .contains("discarded letter=1", "reason=the harbor is gone");
  }

  @Test
  void watch_leavesReplaysOut() throws Exception {
    put(7, "event-7", "0");
    assertThat(dlq("replay", "1")).isZero();
    connection
        .jetStream()
        .publish(
            "evt.time.hour_changed.v1.harbor",
            HourChanged.newBuilder().setHour(9).build().toByteArray());

    assertThat(run("watch", "evt.time.>", "--since-start", "--count", "1")).isZero();

    assertThat(out.toString()).contains("\"hour\":9").doesNotContain("\"hour\":7");
  }

  private void put(int hour, String id, String replays) throws IOException, JetStreamApiException {
    Headers headers = new Headers();
    headers.put("ce-id", id);
    headers.put("ce-worldid", "harbor");
    headers.put("ce-partitionkey", "harbor");
    headers.put("content-type", "application/protobuf");
    headers.put("vesper-replays", replays);
    headers.put("vesper-dlq-subject", "evt.time.hour_changed.v1.harbor");
    headers.put("vesper-dlq-stream", "EVT_WORLD");
    headers.put("vesper-dlq-consumer", CONSUMER);
    headers.put("vesper-dlq-seq", "42");
    headers.put("vesper-dlq-deliveries", "5");
    headers.put("vesper-dlq-error", "IllegalStateException");
    headers.put("vesper-dlq-error-text", "no%20such%20100%25%20boat");
    headers.put("vesper-dlq-first-failed-at", "2026-01-01T00:00:00Z");
    byte[] event = HourChanged.newBuilder().setHour(hour).build().toByteArray();
    assertThat(
            connection.jetStream().publish("dlq.EVT_WORLD." + CONSUMER, headers, event).hasError())
        .isFalse();
  }

  private long letters() throws IOException, JetStreamApiException {
    return connection.jetStreamManagement().getStreamInfo("DLQ").getStreamState().getMsgCount();
  }

  private int dlq(String... arguments) {
    String[] all = new String[arguments.length + 2];
    all[0] = "events";
    all[1] = "dlq";
    System.arraycopy(arguments, 0, all, 2, arguments.length);
    return run(all);
  }

  private int run(String... arguments) {
    String[] all = new String[arguments.length + 2];
    System.arraycopy(arguments, 0, all, 0, arguments.length);
    all[arguments.length] = "--data";
    all[arguments.length + 1] = data.toString();
    CommandLine line = Main.commandLine();
    line.setOut(new PrintWriter(out, true));
    line.setErr(new PrintWriter(err, true));
    return line.execute(all);
  }
}
