package vesper.infrastructure;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The files of a database cluster: made once, checked before each start.
record PostgresCluster(PostgresSettings settings, PostgresBinaries binaries, RunAs runAs) {
  static final String PROGRAM = "postgres";

  /// The role that may do everything; services use another one.
  static final String SUPERUSER = "postgres";

  private static final Duration INIT_DEADLINE = Duration.ofMinutes(2);

  boolean exists() {
    return Files.exists(settings.cluster().resolve("PG_VERSION"));
  }

  /// Makes the cluster aside and moves it into place as a whole.
  void initialize(String superuserPassword) {
    Path fresh = settings.folder().resolve("cluster.new");
    Path passwordFile = settings.folder().resolve("initial-password");
    try {
      Folders.delete(fresh);
      Files.createDirectories(fresh);
      SecretFile.write(passwordFile, superuserPassword);
      runAs.own(fresh);
      runAs.own(passwordFile);
      Command.Outcome outcome =
          Command.run(settings.folder(), INIT_DEADLINE, runAs.command(initdb(fresh, passwordFile)));
      if (!outcome.succeeded()) {
        throw new InfrastructureException("initdb failed: " + outcome.output());
      }
      Files.move(fresh, settings.cluster());
    } catch (IOException e) {
      throw new InfrastructureException("Cannot write to " + settings.folder(), e);
    } finally {
      delete(passwordFile);
    }
  }

  private List<String> initdb(Path target, Path passwordFile) {
    List<String> command = new ArrayList<>();
    command.add(binaries.program("initdb").toString());
    command.add("--pgdata=" + target);
    command.add("--username=" + SUPERUSER);
    command.add("--pwfile=" + passwordFile);
    command.add("--auth=scram-sha-256");
    command.add("--encoding=UTF8");
    command.add("--locale=C");
    command.add("--locale-provider=builtin");
    command.add("--builtin-locale=C.UTF-8");
    command.add("--no-instructions");
    if (settings.disposable()) {
      command.add("--no-sync");
      command.add("--no-data-checksums");
      command.add("--wal-segsize=4");
    }
    return command;
  }

  /// Makes sure that these binaries can start with what is there.
  void check() {
    checkVersion();
    forgetRecycledPid();
    runAs.own(settings.cluster());
  }

  /// Refuses data of another major version, which these binaries cannot read.
  private void checkVersion() {
    try {
      String found = Files.readString(settings.cluster().resolve("PG_VERSION")).strip();
      if (!found.equals(PostgresBinaries.majorVersion())) {
        throw new InfrastructureException(
            """
            %s holds data of PostgreSQL %s and this is PostgreSQL %s.
            Move the data with pg_dump and pg_restore, or choose another data folder.\
            """
                .formatted(settings.cluster(), found, PostgresBinaries.majorVersion()));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  List<String> command(int port) {
    List<String> command = new ArrayList<>();
    if (settings.disposable()) {
      command.addAll(OwnedProcess.diesWithOwner("QUIT"));
    }
    command.add(binaries.program(PROGRAM).toString());
    command.add("-D");
    command.add(settings.cluster().toString());
    for (String setting : serverSettings(port)) {
      command.add("-c");
      command.add(setting);
    }
    return runAs.command(command);
  }

  private List<String> serverSettings(int port) {
    List<String> all = new ArrayList<>();
    all.add("listen_addresses=127.0.0.1");
    all.add("port=" + port);
    all.add("unix_socket_directories=");
    all.add("max_connections=" + (settings.disposable() ? 200 : 100));
    all.add("shared_buffers=64MB");
    all.add("huge_pages=off");
    all.add("jit=off");
    all.add("timezone=UTC");
    all.add("log_timezone=UTC");
    all.add("password_encryption=scram-sha-256");
    String durable = settings.disposable() ? "off" : "on";
    all.add("fsync=" + durable);
    all.add("synchronous_commit=" + durable);
    all.add("full_page_writes=" + durable);
    // Who owns a database may not end a worker that cleans it up, and so cannot drop it meanwhile.
    all.add("autovacuum=" + durable);
    return all;
  }

  /// The process that PostgreSQL's own pid file names.
  Optional<ServerRecord> postmaster() {
    try {
      List<String> lines = Files.readAllLines(pidFile());
      if (lines.size() < 4) {
        return Optional.empty();
      }
      long pid = Long.parseLong(lines.get(0).strip());
      Instant started = Instant.ofEpochSecond(Long.parseLong(lines.get(2).strip()));
      int port = Integer.parseInt(lines.get(3).strip());
      return Optional.of(new ServerRecord(new ProcessIdentity(pid, started, PROGRAM), port));
    } catch (IOException | IllegalArgumentException | DateTimeException e) {
      return Optional.empty();
    }
  }

  /// Deletes a pid file whose number now belongs to a stranger, which would stop PostgreSQL from
  /// starting. With a dead number PostgreSQL itself checks for surviving children, so that stays.
  private void forgetRecycledPid() {
    if (postmaster().map(ServerRecord::process).filter(ProcessIdentity::isRecycled).isPresent()) {
      delete(pidFile());
    }
  }

  private Path pidFile() {
    return settings.cluster().resolve("postmaster.pid");
  }

  private static void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
