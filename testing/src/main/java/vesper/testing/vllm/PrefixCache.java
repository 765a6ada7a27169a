package vesper.testing.vllm;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Which beginnings of prompts the server would still hold: blocks of 16 tokens, each known by all
/// that comes before it, the least recently used forgotten first.
final class PrefixCache {
  static final int BLOCK = 16;

  private final Map<Long, Boolean> blocks;

  PrefixCache(int capacity) {
    blocks =
        new LinkedHashMap<>(16, 0.75f, true) {
          private static final long serialVersionUID = 1;

          @Override
          protected boolean removeEldestEntry(Map.Entry<Long, Boolean> eldest) {
            return size() > capacity;
          }
        };
  }

  /// Remembers a prompt, and returns how many of its first tokens were known before. The last token
  /// is never among them: something must be computed.
  synchronized int remember(List<String> prompt) {
    int known = 0;
    boolean inPrefix = true;
    long chain = 1;
    for (int end = BLOCK; end <= prompt.size(); end += BLOCK) {
      for (String token : prompt.subList(end - BLOCK, end)) {
        chain = (chain ^ token.hashCode()) * 0x9E3779B97F4A7C15L;
        chain ^= chain >>> 29;
      }
      inPrefix &= blocks.put(chain, true) != null && end < prompt.size();
      if (inPrefix) {
        known = end;
      }
    }
    return known;
  }
}
