package vesper.kb;

import vesper.retrieval.UnitVector;

/// What a text means to a model.
///
/// @param space the model and the number of components; only vectors of one space are compared
record Meant(String space, UnitVector vector) {
  static Meant by(String model, UnitVector vector) {
    return new Meant(model + "/" + vector.dimensions(), vector);
  }
}
