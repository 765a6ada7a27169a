package vesper.launcher;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// Where a system runs, as `running.json` tells every command. Holds no secrets. Each process
/// stands on a line of its own, because `vesper down` reads them without a JVM.
@JsonIgnoreProperties(ignoreUnknown = true)
record RunningSystem(
    State state,
    String version,
    Instant startedAt,
    String world,
    String worldFolder,
    URI gateway,
    URI management,
    URI nats,
    URI database,
    List<Part> processes) {
  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .findAndAddModules()
          .disable(com.fasterxml.jackson.databind.SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
          .build();

  /// How far it is.
  enum State {
    STARTING,
    READY,
    STOPPING
  }

  /// A process it consists of; `startTicks` tells it from a later one with the same pid.
  record Part(String name, long pid, long startTicks) {
    static Part of(String name, long pid) {
      return new Part(name, pid, ticks(pid));
    }

    boolean alive() {
      return ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false)
          && ticks(pid) == startTicks;
    }

    /// One line, because `vesper down` reads it without a JVM.
    String toJson() {
      return "{\"name\": \"%s\", \"pid\": %d, \"startTicks\": %d}".formatted(name, pid, startTicks);
    }

    /// Start time in clock ticks since boot: field 22 of proc(5)'s `stat`; 0 where there is no
    /// /proc, -1 for a process that has ended and only waits to be collected.
    private static long ticks(long pid) {
      Path stat = Path.of("/proc", Long.toString(pid), "stat");
      try {
        String text = Files.readString(stat);
        String[] fields = text.substring(text.lastIndexOf(')') + 2).split(" ", -1);
        return fields[0].equals("Z") || fields[0].equals("X") ? -1 : Long.parseLong(fields[19]);
      } catch (IOException noProc) {
        return 0;
      }
    }
  }

  static RunningSystem read(Path file) {
    try {
      return JSON.readValue(Files.readString(file), RunningSystem.class);
    } catch (IOException failure) {
      throw new CommandFailure("%s cannot be read: %s".formatted(file, failure.getMessage()));
    }
  }

  void write(Path file) {
    try {
      Path next = file.resolveSibling(file.getFileName() + ".next");
      Files.writeString(next, toJson());
      Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  RunningSystem with(State next) {
    return new RunningSystem(
        next,
        version,
        startedAt,
        world,
        worldFolder,
        gateway,
        management,
        nats,
        database,
        processes);
  }

  /// Returns whether its main process still runs.
  boolean alive() {
    return processes.stream().anyMatch(part -> part.name().equals("vesper") && part.alive());
  }

  private String toJson() throws JsonProcessingException {
    List<String> lines = new ArrayList<>();
    for (Part process : processes) {
      lines.add("    " + process.toJson());
    }
    return """
    {
      "state": "%s",
      "pid": %d,
      "version": %s,
      "startedAt": %s,
      "world": %s,
      "worldFolder": %s,
      "gateway": "%s",
      "management": "%s",
      "nats": "%s",
      "database": "%s",
      "processes": [
    %s
      ]
    }
    """
        .formatted(
            state,
            ProcessHandle.current().pid(),
            JSON.writeValueAsString(version),
            JSON.writeValueAsString(startedAt),
            JSON.writeValueAsString(world),
            JSON.writeValueAsString(worldFolder),
            gateway,
            management,
            nats,
            database,
            String.join(",\n", lines));
  }
}
