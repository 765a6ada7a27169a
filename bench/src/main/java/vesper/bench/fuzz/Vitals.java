package vesper.bench.fuzz;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Looks at the attacked process through its management port.
final class Vitals {
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final long EVERY = Duration.ofMillis(250).toNanos();
  private static final Duration SETTLING = Duration.ofSeconds(40);
  private static final Pattern HEAP =
      Pattern.compile("^jvm_memory_used_bytes\\{area=\"heap\".*?} (\\S+)", Pattern.MULTILINE);
  private static final Pattern FILES =
      Pattern.compile("^process_files_open_files(?:\\{.*?})? (\\S+)", Pattern.MULTILINE);
  private static final Pattern THREADS =
      Pattern.compile("^jvm_threads_live_threads(?:\\{.*?})? (\\S+)", Pattern.MULTILINE);

  private final Target.Inside inside;
  private final AtomicInteger notReady = new AtomicInteger();
  private long logSize;

  Vitals(Target.Inside inside) {
    this.inside = inside;
  }

  /// What a process holds.
  ///
  /// @param heap bytes after a collection
  record Holdings(long heap, long files, long threads) {}

  /// Measures when nothing goes on any more: until two looks in a row see the same descriptors.
  Holdings settled() throws IOException, InterruptedException {
    long end = System.nanoTime() + SETTLING.toNanos();
    Holdings last = look();
    while (System.nanoTime() < end) {
      TimeUnit.SECONDS.sleep(2);
      Holdings now = look();
      if (now.files() >= last.files() && now.threads() >= last.threads()) {
        return last;
      }
      last = now;
    }
    return last;
  }

  private Holdings look() throws IOException, InterruptedException {
    collect();
    String metrics = get("/metrics");
    return new Holdings(sum(HEAP, metrics), sum(FILES, metrics), sum(THREADS, metrics));
  }

  /// Remembers where the log ends.
  void markLog() throws IOException {
    logSize = Files.exists(inside.log()) ? Files.size(inside.log()) : 0;
  }

  /// Returns lines of the log since the mark that say somebody must look.
  List<String> errorsInLog() throws IOException {
    Path log = inside.log();
    if (!Files.exists(log)) {
      return List.of();
    }
    long from = Math.min(logSize, Files.size(log));
    try (Stream<String> lines = Files.lines(log, StandardCharsets.UTF_8)) {
      long[] seen = {0};
      return lines
          .filter(line -> {
            seen[0] += line.getBytes(StandardCharsets.UTF_8).length + 1;
            return seen[0] > from && line.matches("\\S+Z ERROR .*");
          })
          .limit(100)
          .toList();
    }
  }

  /// Asks whether the process is ready until told to stop.
  void watch(AtomicBoolean over) {
    while (!over.get()) {
      try {
        if (status("/health/ready") != 200) {
          notReady.incrementAndGet();
        }
      } catch (IOException e) {
        notReady.incrementAndGet();
      }
      LockSupport.parkNanos(EVERY);
    }
  }

  /// How many looks found it not ready.
  int notReady() {
    return notReady.get();
  }

  /// Whether it is the same process as before.
  boolean alive() {
    return ProcessHandle.of(inside.pid()).map(ProcessHandle::isAlive).orElse(false);
  }

  private void collect() throws IOException, InterruptedException {
    Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
    for (int i = 0; i < 2; i++) {
      Process process =
          new ProcessBuilder(jcmd.toString(), Long.toString(inside.pid()), "GC.run")
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      process.waitFor();
    }
  }

  private int status(String path) throws IOException {
    try (HttpWire wire = new HttpWire(base(), PATIENCE)) {
      return wire.send(new HttpRequest("GET", path, new byte[0]).bytes(), true, 1 << 20).status();
    }
  }

  private String get(String path) throws IOException {
    try (HttpWire wire = new HttpWire(base(), PATIENCE)) {
      return wire.send(new HttpRequest("GET", path, new byte[0]).bytes(), true, 8 << 20).text();
    }
  }

  private URI base() {
    return inside.management();
  }

  private static long sum(Pattern pattern, String metrics) {
    Matcher found = pattern.matcher(metrics);
    double sum = 0;
    while (found.find()) {
      sum += Double.parseDouble(found.group(1));
    }
    return (long) sum;
  }
}
