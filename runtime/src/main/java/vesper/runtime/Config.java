package vesper.runtime;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The settings of this process: flags, else the environment, else a file, else the defaults. A key
/// is `vesper.<domain>.<name>` and belongs to a component of a record in kebab case; components
/// that are records hold nested keys. In the environment the key `vesper.time.page-size` is
/// `VESPER_TIME_PAGE_SIZE`.
public final class Config {
  private static final String PREFIX = "vesper.";
  private static final String VARIABLE_PREFIX = "VESPER_";

  private final Map<String, GivenSetting> flags;
  private final Map<String, GivenSetting> variables;
  private final Map<String, GivenSetting> file;
  private final List<String> fileProblems;
  private final Set<String> foreign;

  private Config(
      Map<String, GivenSetting> flags,
      Map<String, GivenSetting> variables,
      Map<String, GivenSetting> file,
      List<String> fileProblems,
      Set<String> foreign) {
    this.flags = flags;
    this.variables = variables;
    this.file = file;
    this.fileProblems = List.copyOf(fileProblems);
    this.foreign = Set.copyOf(foreign);
  }

  /// Settings that are given in full, with no look at files or the environment.
  public static Config of(Map<String, String> flags) {
    return new Config(given(flags, "flag"), Map.of(), Map.of(), List.of(), Set.of());
  }

  /// Settings from all sources. A file that does not exist holds nothing.
  ///
  /// @param flags by full key
  /// @param file YAML, as in `vesper: {time: {page-size: 50}}`
  public static Config load(Map<String, String> flags, Path file) {
    return load(flags, System.getenv(), file);
  }

  static Config load(Map<String, String> flags, Map<String, String> environment, Path file) {
    Map<String, String> ours = new TreeMap<>();
    environment.forEach((name, value) -> {
      // A setting has a domain and a name; shorter variables belong to the launcher script.
      if (name.startsWith(VARIABLE_PREFIX) && name.indexOf('_', VARIABLE_PREFIX.length()) > 0) {
        ours.put(name, value);
      }
    });
    List<String> problems = new ArrayList<>();
    Map<String, GivenSetting> inFile = SettingsFile.read(file, problems);
    return new Config(given(flags, "flag"), given(ours, "environment"), inFile, problems, Set.of());
  }

  /// The same settings, where keys of these domains are somebody else's: another process of the
  /// installation reads them, and here they are not checked.
  public Config withForeign(Set<String> domains) {
    return new Config(flags, variables, file, fileProblems, domains);
  }

  /// The same settings, with a value for a key that no source gives.
  ///
  /// @param key in full
  /// @param value made only when it is needed
  public Config orElse(String key, Supplier<String> value) {
    if (find(key) != null) {
      return this;
    }
    Map<String, GivenSetting> more = new TreeMap<>(flags);
    more.putAll(given(Map.of(key, value.get()), "made up"));
    return new Config(more, variables, file, fileProblems, foreign);
  }

  /// Returns the settings of one record.
  ///
  /// @throws ConfigException with every problem of the record
  public <C extends Record> C read(String domain, Class<C> type) {
    List<String> problems = new ArrayList<>();
    C settings = SettingsRecord.of(domain, type).read(this, problems);
    if (settings == null || !problems.isEmpty()) {
      throw new ConfigException(problems);
    }
    return settings;
  }

  /// Checks everything at once.
  ///
  /// @param sections the records that this process reads, by domain
  /// @throws ConfigException with every problem: of the file, of the values, and keys that no
  ///   record has
  void check(Map<String, List<Class<? extends Record>>> sections) {
    List<String> problems = new ArrayList<>(fileProblems);
    Map<String, SettingsRecord.Key> known = new TreeMap<>();
    sections.forEach((domain, types) ->
        types.forEach(type -> {
          SettingsRecord<?> settings = SettingsRecord.of(domain, type);
          settings.read(this, problems);
          settings.keys().forEach(key -> known.put(key.name(), key));
        }));
    Map<String, SettingsRecord.Key> knownVariables = new TreeMap<>();
    known.forEach((name, key) -> knownVariables.put(variable(name), key));
    flags.values().forEach(given -> checkKnown(given, known, problems));
    file.values().forEach(given -> checkKnown(given, known, problems));
    variables.values().forEach(given -> checkKnown(given, knownVariables, problems));
    if (!problems.isEmpty()) {
      throw new ConfigException(problems);
    }
  }

  /// Returns what somebody gave for a key, from the source that counts most.
  @Nullable GivenSetting find(String key) {
    GivenSetting flag = flags.get(key);
    if (flag != null) {
      return flag;
    }
    GivenSetting variable = variables.get(variable(key));
    return variable != null ? variable : file.get(key);
  }

  private void checkKnown(
      GivenSetting given, Map<String, SettingsRecord.Key> known, List<String> problems) {
    if (known.containsKey(given.key()) || isForeign(given.key())) {
      return;
    }
    boolean secret =
        Suggestions.nearest(given.key(), known.keySet())
            .map(known::get)
            .map(SettingsRecord.Key::secret)
            .orElse(true);
    problems.add(
        "%s = %s (%s): no such setting%s"
            .formatted(
                given.key(),
                secret ? "***" : "'" + given.text() + "'",
                given.origin(),
                Suggestions.didYouMean(given.key(), known.keySet())));
  }

  private boolean isForeign(String key) {
    String lower = key.toLowerCase(Locale.ROOT);
    return foreign.stream()
        .anyMatch(domain ->
            lower.startsWith(PREFIX + domain + ".") || lower.startsWith("vesper_" + domain + "_"));
  }

  private static String variable(String key) {
    return key.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
  }

  private static Map<String, GivenSetting> given(Map<String, String> values, String origin) {
    Map<String, GivenSetting> given = new LinkedHashMap<>();
    values.forEach((key, text) -> given.put(key, new GivenSetting(key, text, origin)));
    return given;
  }
}
