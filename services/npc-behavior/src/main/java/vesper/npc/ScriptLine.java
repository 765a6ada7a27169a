package vesper.npc;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import vesper.pack.v1.Template;
import vesper.pack.v1.When;
import vesper.worldpack.Line;
import vesper.worldpack.Slot;

/// One line of a world's dialogue, ready to be said.
///
/// @param id unique within the world, and the same as long as the template is not rewritten
/// @param template what it belongs to
/// @param line text and slots
/// @param slots that must have a value
/// @param rank the higher, the more it is made for one person and moment
record ScriptLine(String id, Template template, Line line, Set<Slot> slots, int rank) {

  static final int RANK_OF_A_CONDITION = 10;
  private static final int RANK_OF_A_PLANE = 100;
  private static final int RANK_OF_A_FACTION = 200;
  private static final int RANK_OF_A_PERSON = 400;

  /// Returns the lines of a template.
  static List<ScriptLine> of(Template template) {
    List<ScriptLine> lines = new ArrayList<>();
    int rank = rank(template);
    for (int i = 0; i < template.getLinesCount(); i++) {
      var line = Line.parse(template.getLines(i));
      lines.add(new ScriptLine(template.getId() + "#" + i, template, line, line.slots(), rank));
    }
    return lines;
  }

  When when() {
    return template.getWhen();
  }

  private static int rank(Template template) {
    int rank = 0;
    if (template.getNpcsCount() > 0) {
      rank += RANK_OF_A_PERSON;
    }
    if (template.getFactionsCount() > 0) {
      rank += RANK_OF_A_FACTION;
    }
    if (template.getPlanesCount() > 0) {
      rank += RANK_OF_A_PLANE;
    }
    var when = template.getWhen();
    boolean firstMeeting = when.hasFirstMeeting() && when.getFirstMeeting();
    long conditions =
        Stream.of(
                when.getDayPartsCount() > 0,
                when.getPhasesCount() > 0,
                when.hasMinStanding(),
                when.hasMaxStanding(),
                when.hasFirstMeeting(),
                firstMeeting)
            .filter(present -> present)
            .count();
    return rank + RANK_OF_A_CONDITION * (int) conditions;
  }
}
