package vesper.world;

import com.google.protobuf.Struct;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/// New values for some fields of an entity.
///
/// @param fields which of the values to take: names of [Thing]'s fields, or `components.NAME` for
///   one component, which is removed when the values have none
record Patch(Set<String> fields, Thing values) {
  Patch {
    fields = Set.copyOf(fields);
  }

  /// Returns an entity with the new values, at the same version.
  Thing apply(Thing to) {
    return new Thing(
        to.id(),
        has(Thing.TYPE) ? values.type() : to.type(),
        has(Thing.REGION) ? values.region() : to.region(),
        has(Thing.POSITION) ? values.spot() : to.spot(),
        has(Thing.TAGS) ? values.tags() : to.tags(),
        components(to),
        to.version(),
        to.removed(),
        to.changedAt());
  }

  private SortedMap<String, Struct> components(Thing to) {
    if (has(Thing.COMPONENTS)) {
      return values.components();
    }
    SortedMap<String, Struct> components = new TreeMap<>(to.components());
    for (String field : fields) {
      if (field.startsWith(Thing.COMPONENTS + ".")) {
        String name = field.substring(Thing.COMPONENTS.length() + 1);
        Struct value = values.components().get(name);
        if (value == null) {
          components.remove(name);
        } else {
          components.put(name, value);
        }
      }
    }
    return components;
  }

  private boolean has(String field) {
    return fields.contains(field);
  }
}
