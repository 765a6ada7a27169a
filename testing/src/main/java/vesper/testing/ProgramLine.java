package vesper.testing;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// The command line that runs the `vesper` program from the class path of the tests.
final class ProgramLine {
  /// By name, so that this module does not depend on the program that is tested with it.
  private static final String MAIN = "vesper.launcher.Main";

  private ProgramLine() {}

  static ProcessBuilder of(List<String> arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-XX:TieredStopAtLevel=1");
    command.add("--enable-native-access=ALL-UNNAMED");
    command.add("--sun-misc-unsafe-memory-access=allow");
    command.add("-Dstdout.encoding=UTF-8");
    command.add("-Dstderr.encoding=UTF-8");
    System.getProperties().stringPropertyNames().stream()
        .filter(name -> name.startsWith("vesper."))
        .forEach(name -> command.add("-D" + name + "=" + System.getProperty(name)));
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(MAIN);
    command.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(command);
    withoutOurSettings(builder.environment());
    return builder;
  }

  /// The settings of the tests and of the person who runs them are not those of the system.
  static void withoutOurSettings(Map<String, String> environment) {
    environment.keySet().removeIf(name -> name.startsWith("VESPER_"));
  }
}
