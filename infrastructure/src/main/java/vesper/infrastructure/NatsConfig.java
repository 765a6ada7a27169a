package vesper.infrastructure;

import java.nio.file.Path;

/// The text of the server's configuration file.
final class NatsConfig {
  static final String USER = "vesper";

  /// The largest message; transport refuses larger bodies with a clear status.
  private static final int MAX_PAYLOAD_BYTES = 1 << 20;

  private NatsConfig() {}

  static String text(NatsSettings settings, NatsVersion version, int port, String password) {
    StringBuilder text = new StringBuilder();
    text.append(
        """
        server_name: "vesper"
        listen: "127.0.0.1:%d"
        pid_file: %s
        max_payload: %d
        jetstream {
          store_dir: %s
          %s
        }
        """
            .formatted(
                port,
                quoted(pidFile(settings)),
                MAX_PAYLOAD_BYTES,
                quoted(settings.folder().resolve("store")),
                settings.disposable() || !version.syncsAlways() ? "" : "sync_interval: always"));
    if (settings.accounts().isEmpty()) {
      text.append("authorization { user: \"%s\", password: \"%s\" }\n".formatted(USER, password));
    } else {
      text.append("accounts {\n");
      for (String account : settings.accounts()) {
        text.append(
            "  \"%s\" { jetstream: enabled, users: [ { user: \"%s\", password: \"%s\" } ] }\n"
                .formatted(account, account, password));
      }
      text.append("}\n");
    }
    return text.toString();
  }

  static Path pidFile(NatsSettings settings) {
    return settings.folder().resolve("pid");
  }

  private static String quoted(Path path) {
    return '"' + path.toString().replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }
}
