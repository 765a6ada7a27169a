package vesper.infrastructure;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The version a nats-server reports of itself.
record NatsVersion(int major, int minor) {
  private static final Pattern REPORTED = Pattern.compile("v(\\d{1,4})\\.(\\d{1,4})\\.");

  static NatsVersion of(Path binary) {
    Command.Outcome outcome =
        Command.run(Path.of("/"), Duration.ofSeconds(20), List.of(binary.toString(), "--version"));
    Matcher matcher = REPORTED.matcher(outcome.output());
    if (!outcome.succeeded() || !matcher.find()) {
      throw new InfrastructureException(
          binary + " does not behave like a nats-server; --version printed: " + outcome.output());
    }
    NatsVersion version =
        new NatsVersion(Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2)));
    if (!version.isAtLeast(2, 9)) {
      throw new InfrastructureException(
          binary + " is too old (" + outcome.output() + "); nats-server 2.9 or newer is needed");
    }
    return version;
  }

  /// Whether its file store can sync every write; older ones refuse the setting.
  boolean syncsAlways() {
    return isAtLeast(2, 10);
  }

  private boolean isAtLeast(int wantedMajor, int wantedMinor) {
    return major > wantedMajor || (major == wantedMajor && minor >= wantedMinor);
  }
}
