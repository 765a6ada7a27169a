package vesper.infrastructure;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// How nats-server is configured, asked and stopped.
record NatsProgram(NatsSettings settings, Path binary, NatsVersion version, String password)
    implements ServerProgram {
  static final String NAME = "nats-server";

  private static final Duration STOP_PATIENCE = Duration.ofSeconds(20);

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Path folder() {
    return settings.folder();
  }

  @Override
  public Path log() {
    return settings.log();
  }

  @Override
  public List<String> command(int port) {
    SecretFile.write(configFile(), NatsConfig.text(settings, version, port, password));
    List<String> command = new ArrayList<>();
    if (settings.disposable()) {
      command.addAll(OwnedProcess.diesWithOwner("TERM"));
    }
    command.addAll(List.of(binary.toString(), "-c", configFile().toString()));
    return command;
  }

  @Override
  public boolean answers(int port) {
    return NatsProbe.answers(port, user(), password);
  }

  @Override
  public boolean mayAdopt(int port) {
    try {
      return Files.exists(configFile())
          && Files.readString(configFile())
              .equals(NatsConfig.text(settings, version, port, password))
          && answers(port);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public String portTaken() {
    return "address already in use";
  }

  @Override
  public String remainsOfACrash() {
    return "";
  }

  /// The server's pid file has no start time, but is written right after the start.
  @Override
  public Optional<ServerRecord> selfRecorded() {
    Path file = NatsConfig.pidFile(settings);
    try {
      Instant written = Files.getLastModifiedTime(file).toInstant();
      long pid = Long.parseLong(Files.readString(file).strip());
      return Optional.of(new ServerRecord(new ProcessIdentity(pid, written, NAME), 0));
    } catch (IOException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  @Override
  public Duration startDeadline() {
    return Duration.ofMinutes(1);
  }

  @Override
  public void stop(OwnedProcess process) {
    process.stop("TERM", STOP_PATIENCE);
  }

  /// The user that the server's owner itself goes in as.
  String user() {
    return settings.accounts().isEmpty() ? NatsConfig.USER : settings.accounts().getFirst();
  }

  private Path configFile() {
    return settings.folder().resolve("nats-server.conf");
  }

  @Override
  public String toString() {
    return NAME + " " + version + " at " + binary;
  }
}
