package vesper.kb;

import java.util.List;

/// For whom something is asked. What is open is open to each of them: an NPC tells a player no more
/// than both may know.
///
/// @param knowers none when nothing is kept from those who ask
record Asking(List<Knower> knowers) {
  /// Nothing is closed.
  static final Asking EVERYTHING = new Asking(List.of());

  Asking {
    knowers = List.copyOf(knowers);
  }

  boolean isOpen(Chapter chapter) {
    return knowers.stream().allMatch(knower -> knower.mayKnow(chapter));
  }
}
