package vesper.testing;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/// What the test command tells a test process; the only class here that reads the environment.
final class TestEnvironment {
  static final String NATS_URL = "VESPER_TEST_NATS_URL";
  static final String DB_URL = "VESPER_TEST_DB_URL";
  private static final String PROCESS = "vesper.test.process";
  private static final String FIRST = "process-1";

  private TestEnvironment() {}

  /// A setting by its system property, else by its environment variable of the same name.
  static Optional<String> find(String name) {
    String property = System.getProperty(name, "");
    String value = property.isEmpty() ? System.getenv().getOrDefault(name, "") : property;
    return Optional.of(value).filter(text -> !text.isEmpty());
  }

  /// The name of the module under test: that of the folder its tests run in.
  static String module() {
    return module(Path.of(System.getProperty("user.dir")));
  }

  /// The account on the shared NATS: that of the module and, from the second process on in which
  /// its tests run at the same time, with the number of the process.
  static String account() {
    String process = System.getProperty(PROCESS, FIRST);
    return process.equals(FIRST)
        ? module()
        : module() + process.substring(process.lastIndexOf('-'));
  }

  static String module(Path folder) {
    Path name = folder.getFileName();
    String module =
        (name == null ? "" : name.toString())
            .toLowerCase(Locale.ROOT)
            .replaceAll("[^a-z0-9-]", "-")
            .replaceAll("^-+", "");
    return module.isEmpty() ? "tests" : module;
  }
}
