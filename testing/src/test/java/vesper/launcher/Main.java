package vesper.launcher;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/// Stands in for the program where only its way of starting, telling and ending matters.
public final class Main {
  private Main() {}

  /// `up` tells that it is ready and waits, `fail` fails, anything else is echoed.
  public static void main(String[] arguments) throws Exception {
    List<String> all = List.of(arguments);
    Path data = Path.of(all.get(all.indexOf("--data") + 1));
    switch (all.getFirst()) {
      case "up" -> up(data, all);
      case "fail" -> {
        System.err.println("this failed");
        System.exit(4);
      }
      default -> System.out.println(String.join(" ", all) + " " + System.getenv("VESPER_X"));
    }
  }

  private static void up(Path data, List<String> arguments) throws Exception {
    System.out.println("starting");
    if (arguments.contains("--refuse")) {
      System.out.println("the port is taken");
      System.exit(3);
    }
    Files.createDirectories(data);
    write(data, "STARTING");
    write(data, "READY");
    Thread.currentThread().join();
  }

  private static void write(Path data, String state) throws IOException {
    String text =
        """
        {
          "pid": %d, "state": "%s",
          "gateway": "http://127.0.0.1:8000", "management": "http://127.0.0.1:8001"
        }
        """
            .formatted(ProcessHandle.current().pid(), state);
    Path partial = Files.writeString(data.resolve("running.json.new"), text);
    Files.move(partial, data.resolve("running.json"), StandardCopyOption.ATOMIC_MOVE);
  }
}
