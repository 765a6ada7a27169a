package vesper.npc;

import java.util.HashSet;
import java.util.Set;
import vesper.memory.Terms;

/// The words of a question that say what it is about.
final class Keywords {

  /// Stems of words that questions are made of.
  private static final Set<String> FRAME =
      new HashSet<>(
          Terms.ALL.of(
              "what who whom whose where when why how which do does did doing done can could would"
                  + " should shall may might must have has had am was were been being you your"
                  + " yours i me my mine we us our he she him her his hers they them know known"
                  + " knows tell told telling about heard hear hearing of explain describe think"
                  + " say said please happened happen happening really exactly still now here"
                  + " there anything something any some just so well then ever more like mean"
                  + " means called call thing things much many way want wonder"));

  private Keywords() {}

  /// Returns the stems of what words are about.
  static Set<String> of(String words) {
    Set<String> terms = new HashSet<>(Terms.CONTENT.of(words));
    terms.removeAll(FRAME);
    return terms;
  }

  /// Returns how much of a question's words others hold, 0 to 1; 0 for a question without any.
  static double share(Set<String> question, Set<String> held) {
    long shared = question.stream().filter(held::contains).count();
    return question.isEmpty() ? 0 : (double) shared / question.size();
  }
}
