package vesper.runtime;

import java.nio.file.Path;
import java.util.Map;

/// The settings of this process: flags, else the environment, else a file, else the defaults. A key
/// is `vesper.<domain>.<name>` and belongs to a component of a record in kebab case; components
/// that are records hold nested keys. In the environment the key `vesper.time.page-size` is
/// `VESPER_TIME_PAGE_SIZE`.
@SuppressWarnings("DoNotCallSuggester")
public final class Config {
  private Config() {}

  /// Settings that are given in full, with no look at files or the environment.
  public static Config of(Map<String, String> flags) {
    throw new UnsupportedOperationException(flags.toString());
  }

  /// Settings from all sources. A file that does not exist holds nothing.
  ///
  /// @param flags by full key
  /// @param file YAML, as in `vesper: {time: {page-size: 50}}`
  public static Config load(Map<String, String> flags, Path file) {
    throw new UnsupportedOperationException(flags.toString() + file);
  }

  /// Returns the settings of one record.
  ///
  /// @throws ConfigException with every problem of the record
  public <C extends Record> C read(String domain, Class<C> type) {
    throw new UnsupportedOperationException(domain + type);
  }
}
