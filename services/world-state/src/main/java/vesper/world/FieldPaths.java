package vesper.world;

/// Fields of an entity as refusals name them.
final class FieldPaths {
  /// Returns the JSON name of a field: `regionId` for `region_id`, `components["look"]` for
  /// `components.look`.
  static String json(String field) {
    if (field.startsWith(Thing.COMPONENTS + ".")) {
      return component(field.substring(Thing.COMPONENTS.length() + 1));
    }
    return field.equals(Thing.REGION) ? "regionId" : field;
  }

  /// Returns the JSON name of a component.
  static String component(String name) {
    return Thing.COMPONENTS + "[\"" + name + "\"]";
  }

  private FieldPaths() {}
}
