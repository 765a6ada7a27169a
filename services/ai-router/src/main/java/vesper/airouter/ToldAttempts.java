package vesper.airouter;

import java.util.LinkedHashMap;
import java.util.Map;

/// The attempts that were told about, the latest 100,000.
final class ToldAttempts {
  private static final int MOST = 100_000;

  private final Map<String, Boolean> told =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
          return size() > MOST;
        }
      };

  /// Writes an attempt down; false when it was told about before.
  synchronized boolean add(String attemptId) {
    return told.putIfAbsent(attemptId, true) == null;
  }
}
