package vesper.npc;

import static java.util.Collections.unmodifiableSortedMap;

import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import vesper.pack.v1.Calendar;
import vesper.worldpack.WorldPack;

/// A world's people and all that they can say, made ready once from its pack.
///
/// @param seed of all choices in the world
/// @param startGameSeconds the world's first instant
/// @param parts by id of the person
/// @param cues by which the people understand what is said to them
/// @param calendar names of the moon's phases
record Script(
    long seed, long startGameSeconds, SortedMap<String, Part> parts, Cues cues, Calendar calendar) {

  private static final List<String> MOONS =
      List.of(
          "a new moon",
          "a young crescent",
          "a waxing half moon",
          "a waxing moon",
          "a full moon",
          "a waning moon",
          "a waning half moon",
          "an old crescent");

  static Script of(WorldPack pack) {
    SortedMap<String, Part> parts = new TreeMap<>();
    pack.npcs().forEach((id, npc) -> parts.put(id, Part.of(npc, pack)));
    return new Script(
        pack.pack().getSeed(),
        pack.calendar().getStartGameSeconds(),
        unmodifiableSortedMap(parts),
        new Cues(pack.dialogue().getIntentsList()),
        pack.calendar());
  }

  Optional<Part> find(String npc) {
    return Optional.ofNullable(parts.get(npc));
  }

  /// Returns the name of a phase of the moon, counted from 0 at the new moon.
  String moon(int phase) {
    return phase < calendar.getMoon().getPhaseNamesCount()
        ? calendar.getMoon().getPhaseNames(phase)
        : MOONS.get(phase);
  }
}
