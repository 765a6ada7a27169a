package vesper.airouter;

import java.util.HashMap;
import java.util.Map;
import vesper.runtime.Config;

/// Settings of tests: no Ollama unless one is given.
final class Settings {
  private Settings() {}

  static Map<String, String> with(String... keysAndValues) {
    Map<String, String> settings = new HashMap<>();
    settings.put("vesper.airouter.ollama.enabled", "false");
    for (int n = 0; n < keysAndValues.length; n += 2) {
      settings.put("vesper.airouter." + keysAndValues[n], keysAndValues[n + 1]);
    }
    return settings;
  }

  static AiRouterConfig read(String... keysAndValues) {
    return Config.of(with(keysAndValues)).read("airouter", AiRouterConfig.class);
  }
}
