package vesper.worldpack;

import static java.util.stream.Collectors.toCollection;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/// Ways to go from a list of parts to their ids.
final class Ids {
  private Ids() {}

  /// Returns the ids in the order of the parts, without the empty one of a part that has none.
  static <T> Set<String> of(List<T> parts, Function<T, String> id) {
    return parts.stream()
        .map(id)
        .filter(i -> !i.isEmpty())
        .collect(toCollection(LinkedHashSet::new));
  }

  /// Returns the parts by their id, in order; of parts with one id the first.
  static <T> Map<String, T> index(List<T> parts, Function<T, String> id) {
    var byId = new LinkedHashMap<String, T>();
    parts.forEach(part -> byId.putIfAbsent(id.apply(part), part));
    return byId;
  }
}
