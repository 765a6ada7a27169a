package vesper.launcher;

import java.io.Console;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/// A line that tells how long something takes: once a second on a terminal, every ten seconds
/// elsewhere, from a thread of its own. The estimate is how long it took the last time, kept in a
/// file.
final class Elapsed implements AutoCloseable {
  private final String name;
  private final PrintWriter out;
  private final Path memory;
  private final boolean terminal = onTerminal();
  private final long started = System.nanoTime();
  private final AtomicReference<String> detail = new AtomicReference<>("");
  private final Thread timer;

  Elapsed(String name, PrintWriter out, Path folder) {
    this.name = name;
    this.out = out;
    this.memory = folder.resolve(name + ".seconds");
    this.timer = Thread.ofVirtual().name("elapsed-" + name).start(this::tick);
  }

  void detail(String text) {
    detail.set(text);
  }

  /// Prints a line of its own without disturbing the timer's.
  synchronized void println(String line) {
    clearLine();
    out.println(line);
    out.flush();
  }

  Duration elapsed() {
    return Duration.ofNanos(System.nanoTime() - started);
  }

  /// Keeps the duration as the estimate of the next run.
  void finished() throws IOException {
    Files.createDirectories(memory.toAbsolutePath().getParent());
    Files.writeString(memory, Long.toString(elapsed().toSeconds()));
  }

  @Override
  public void close() {
    timer.interrupt();
    clearLine();
  }

  private synchronized void clearLine() {
    if (terminal) {
      out.print("\r\033[K");
      out.flush();
    }
  }

  private synchronized void print() {
    clearLine();
    String text =
        "[%s] elapsed %s%s · %s".formatted(name, clock(elapsed()), estimate(), detail.get());
    if (terminal) {
      out.print(text.length() > 110 ? text.substring(0, 110) : text);
    } else {
      out.println(text);
    }
    out.flush();
  }

  private String estimate() {
    if (!Files.isReadable(memory)) {
      return "";
    }
    try {
      Duration last = Duration.ofSeconds(Long.parseLong(Files.readString(memory).strip()));
      Duration rest = last.minus(elapsed());
      return rest.isNegative()
          ? " · longer than the last time (%s)".formatted(clock(last))
          : " · ETA " + clock(rest);
    } catch (IOException | NumberFormatException unreadable) {
      return " · ETA unknown";
    }
  }

  private void tick() {
    try {
      while (true) {
        TimeUnit.SECONDS.sleep(terminal ? 1 : 10);
        print();
      }
    } catch (InterruptedException closed) {
      Thread.currentThread().interrupt();
    }
  }

  // By its signature there may be no console, which only older versions made use of.
  @SuppressWarnings("SystemConsoleNull")
  private static boolean onTerminal() {
    Console console = System.console();
    return console != null && console.isTerminal();
  }

  private static String clock(Duration duration) {
    return "%02d:%02d:%02d"
        .formatted(duration.toHours(), duration.toMinutesPart(), duration.toSecondsPart());
  }
}
