package vesper.infrastructure;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What happens to servers whose owner was killed.
class LeftServersTest {
  @TempDir Path data;
  private final List<String> progress = new ArrayList<>();
  private final List<ProcessHandle> started = new ArrayList<>();

  /// A failing test leaves none of them behind.
  @AfterEach
  void endServers() {
    started.forEach(ProcessHandle::destroyForcibly);
  }

  @Test
  void start_ownerKilled_adoptsBothServers() throws Exception {
    List<Long> pids = startInAnotherProcessAndKillIt("durable");
    NatsSettings natsSettings = NatsSettings.in(data).withPort(0);
    PostgresSettings postgresSettings = PostgresSettings.in(data).withPort(0);
    try (NatsServer nats = NatsServer.start(natsSettings, progress::add);
        PostgresServer postgres = PostgresServer.start(postgresSettings, progress::add)) {
      assertThat(List.of(nats.process().pid(), postgres.process().pid())).isEqualTo(pids);
      assertThat(progress)
          .containsExactly(
              "Adopting the running nats-server with pid " + pids.get(0),
              "Adopting the running postgres with pid " + pids.get(1));
    }
    assertThat(pids).noneMatch(LeftServersTest::isRunning);
  }

  @Test
  void stopLeft_ownerKilled_stopsBothEvenWithoutOurRecords() throws Exception {
    List<Long> pids = startInAnotherProcessAndKillIt("durable");
    Files.delete(data.resolve("nats/process"));
    Files.delete(data.resolve("postgres/process"));
    assertThat(NatsServer.stopLeft(NatsSettings.in(data))).isTrue();
    assertThat(PostgresServer.stopLeft(PostgresSettings.in(data))).isTrue();
    assertThat(pids).noneMatch(LeftServersTest::isRunning);
    assertThat(NatsServer.stopLeft(NatsSettings.in(data))).isFalse();
    assertThat(PostgresServer.stopLeft(PostgresSettings.in(data))).isFalse();
  }

  @Test
  void disposable_ownerKilled_dieWithIt() throws Exception {
    for (long pid : startInAnotherProcessAndKillIt("disposable")) {
      ProcessHandle handle = ProcessHandle.of(pid).orElse(null);
      if (handle != null) {
        handle.onExit().get(1, TimeUnit.MINUTES);
      }
      assertThat(isRunning(pid)).isFalse();
    }
  }

  @Test
  void start_leftServerIsConfiguredOtherwise_isReplaced() throws Exception {
    long pid = startInAnotherProcessAndKillIt("nats").getFirst();
    Path config = data.resolve("nats/nats-server.conf");
    Files.writeString(config, Files.readString(config).replace("1048576", "65536"));
    try (NatsServer nats = NatsServer.start(NatsSettings.in(data).withPort(0), progress::add)) {
      assertThat(isRunning(pid)).isFalse();
      assertThat(nats.process().pid()).isNotEqualTo(pid);
      assertThat(progress)
          .containsExactly("Stopping the nats-server with pid " + pid + " that was left running");
    }
  }

  @Test
  void start_pidRecycled_leavesTheStrangerAlone() throws Exception {
    Process stranger = new ProcessBuilder("sleep", "600").start();
    try {
      Instant start = stranger.info().startInstant().orElseThrow();
      PostgresSettings settings = PostgresSettings.disposable(data);
      PostgresServer.start(settings, progress::add).close();
      for (String server : List.of("nats-server", "postgres")) {
        Path folder = data.resolve(server.equals("postgres") ? "postgres" : "nats");
        Files.createDirectories(folder);
        new ServerRecord(new ProcessIdentity(stranger.pid(), start, server), 1)
            .write(folder.resolve("process"));
      }
      Files.writeString(data.resolve("nats/pid"), Long.toString(stranger.pid()));
      Files.writeString(
          data.resolve("postgres/cluster/postmaster.pid"),
          "%d\n%s\n%d\n5432\n"
              .formatted(stranger.pid(), settings.cluster(), start.getEpochSecond()));
      try (NatsServer nats = NatsServer.start(NatsSettings.disposable(data), progress::add);
          PostgresServer postgres = PostgresServer.start(settings, progress::add)) {
        assertThat(nats.isAlive()).isTrue();
        assertThat(postgres.isAlive()).isTrue();
      }
      assertThat(stranger.isAlive()).isTrue();
    } finally {
      stranger.destroyForcibly();
    }
  }

  /// Returns the pids of the servers.
  private List<Long> startInAnotherProcessAndKillIt(String kind) throws Exception {
    Process owner =
        new ProcessBuilder(
                ProcessHandle.current().info().command().orElseThrow(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Owner.class.getName(),
                data.toString(),
                kind)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (BufferedReader lines = reader(owner)) {
      String line = lines.readLine();
      assertThat(line).as("pids printed by the owner").isNotNull();
      List<Long> pids = Stream.of(line.split(" ", -1)).map(Long::valueOf).toList();
      pids.forEach(pid -> ProcessHandle.of(pid).ifPresent(started::add));
      return pids;
    } finally {
      owner.destroyForcibly();
      assertThat(owner.waitFor(1, TimeUnit.MINUTES)).isTrue();
    }
  }

  private static BufferedReader reader(Process process) {
    return new BufferedReader(
        new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
  }

  private static boolean isRunning(long pid) {
    return ProcessHandle.of(pid).filter(handle -> handle.info().command().isPresent()).isPresent();
  }

  /// Starts servers, prints their pids and waits to be killed.
  static final class Owner {
    private Owner() {}

    static void main(String[] arguments) throws IOException {
      Path data = Path.of(arguments[0]);
      String pids =
          switch (arguments[1]) {
            case "nats" -> nats(NatsSettings.in(data).withPort(0));
            case "durable" ->
                nats(NatsSettings.in(data).withPort(0))
                    + " "
                    + postgres(PostgresSettings.in(data).withPort(0));
            default ->
                nats(NatsSettings.disposable(data))
                    + " "
                    + postgres(PostgresSettings.disposable(data));
          };
      System.out.println(pids);
      System.in.read();
    }

    private static String nats(NatsSettings settings) {
      return Long.toString(NatsServer.start(settings, _ -> {}).process().pid());
    }

    private static String postgres(PostgresSettings settings) {
      return Long.toString(PostgresServer.start(settings, _ -> {}).process().pid());
    }
  }
}
