package vesper.worldpack;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import vesper.pack.v1.Clause;
import vesper.pack.v1.Narrative;
import vesper.worldpack.Outline.Span;
import vesper.worldpack.Outline.Title;

/// P022: documents whose front matter does not fit the text or the world, and links to nothing; as
/// warnings, documents that are short, and words to be kept that an open text says.
final class NarrativeCheck implements PackCheck {
  private static final int FEWEST_WORDS = 600;
  private static final Pattern WORD = Pattern.compile("[\\p{L}\\p{N}]+(['’-][\\p{L}\\p{N}]+)*");
  private static final Pattern ELSEWHERE = Pattern.compile("[a-z][a-z0-9+.-]*:.*|#.*|");
  private static final Pattern SECRET = Pattern.compile("[1-9][0-9]{0,3}");

  /// A document and what is in it.
  ///
  /// @param closed the lines of each closed part, in the order of the front matter
  private record Read(Manuscript manuscript, Outline outline, List<Span> closed) {

    /// Returns the lines that everybody may know, in lower case; others are empty. While a closed
    /// part is not found, all are.
    List<String> openLines() {
      boolean open =
          closed.size() == manuscript.front().message().getClosedCount()
              && manuscript.front().message().getAudienceList().stream()
                  .allMatch(clause -> clause.getLabelsList().equals(List.of("PUBLIC")));
      var lines = manuscript.body().lines().toList();
      var result = new ArrayList<String>();
      for (int i = 0; i < lines.size(); i++) {
        int line = i;
        boolean hidden = !open || closed.stream().anyMatch(span -> span.holds(line));
        result.add(hidden ? "" : lines.get(i).toLowerCase(Locale.ROOT));
      }
      return result;
    }
  }

  @Override
  public void check(Draft draft, Findings findings) {
    var known = labels(draft);
    var files = Set.copyOf(draft.narratives().stream().map(m -> m.front().file()).toList());
    var all = new ArrayList<Read>();
    for (var manuscript : draft.narratives()) {
      var front = manuscript.front();
      var plane = front.message().getPlane();
      if (!plane.isEmpty() && !draft.planeIds().contains(plane)) {
        unknown(front, "plane", "plane", plane, draft.planeIds(), findings);
      }
      var outline = Outline.of(manuscript.body());
      var spans = checkClosed(manuscript, outline, known, findings);
      checkAudience(front, "audience", front.message().getAudienceList(), known, findings);
      checkRumours(front, outline, findings);
      checkLinks(manuscript, outline, files, findings);
      checkLength(manuscript, findings);
      all.add(new Read(manuscript, outline, spans));
    }
    checkTerms(all, findings);
  }

  private static Map<String, Set<String>> labels(Draft draft) {
    var roles = Ids.of(draft.npcs(), npc -> npc.message().getRole());
    return Map.of(
        "FACTION", draft.factionIds(),
        "NPC", draft.npcIds(),
        "REGION", draft.regionIds(),
        "ROLE", roles);
  }

  private static List<Span> checkClosed(
      Manuscript manuscript, Outline outline, Map<String, Set<String>> known, Findings findings) {
    var front = manuscript.front();
    var closed = front.message().getClosedList();
    var spans = new ArrayList<Span>();
    for (int i = 0; i < closed.size(); i++) {
      var at = "closed[%d].".formatted(i);
      var title = findTitle(front, at + "heading", closed.get(i).getHeading(), outline, findings);
      if (title != null) {
        var span = outline.span(title);
        if (spans.stream().anyMatch(s -> s.holds(span.from()) || span.holds(s.from()))) {
          findings.error(
              "P022",
              front,
              at + "heading",
              "The heading \"%s\" lies in a part that is closed already.".formatted(title.text()),
              "Close each part once: give it a heading of the same rank.");
        }
        if (!hasWords(manuscript, outline, span)) {
          findings.error(
              "P022",
              front,
              at + "heading",
              "Nothing stands below the heading \"%s\".".formatted(title.text()),
              "Leave it open, or write what is to be kept.");
        }
        spans.add(span);
      }
      checkAudience(front, at + "audience", closed.get(i).getAudienceList(), known, findings);
    }
    return spans;
  }

  private static boolean hasWords(Manuscript manuscript, Outline outline, Span span) {
    var lines = manuscript.body().lines().toList();
    var headings = outline.titles().stream().map(Title::line).toList();
    return IntStream.range(span.from(), span.to())
        .anyMatch(line -> !headings.contains(line) && WORD.matcher(lines.get(line)).find());
  }

  private static void checkRumours(Document<Narrative> front, Outline outline, Findings findings) {
    var rumours = front.message().getRumoursList();
    for (int i = 0; i < rumours.size(); i++) {
      findTitle(front, "rumours[%d]".formatted(i), rumours.get(i), outline, findings);
    }
  }

  private static @Nullable Title findTitle(
      Document<Narrative> front, String path, String heading, Outline outline, Findings findings) {
    if (heading.isEmpty()) {
      return null;
    }
    var named = outline.titles().stream().filter(t -> t.text().equals(heading)).toList();
    if (named.isEmpty()) {
      var all = outline.titles().stream().map(Title::text).distinct().toList();
      unknown(front, path, "heading", heading, all, findings);
      return null;
    }
    if (named.size() > 1) {
      findings.error(
          "P022",
          front,
          path,
          "The heading \"%s\" stands %d times in the document.".formatted(heading, named.size()),
          "Give each its own words.");
    }
    return named.getFirst();
  }

  private static void checkAudience(
      Document<Narrative> front,
      String list,
      List<Clause> clauses,
      Map<String, Set<String>> known,
      Findings findings) {
    for (int i = 0; i < clauses.size(); i++) {
      var labels = clauses.get(i).getLabelsList();
      for (int j = 0; j < labels.size(); j++) {
        checkLabel(
            front, "%s[%d].labels[%d]".formatted(list, i, j), labels.get(j), known, findings);
      }
    }
  }

  private static void checkLabel(
      Document<Narrative> front,
      String path,
      String label,
      Map<String, Set<String>> known,
      Findings findings) {
    int colon = label.indexOf(':');
    var kind = colon < 0 ? label : label.substring(0, colon);
    var name = colon < 0 ? "" : label.substring(colon + 1);
    var names = known.get(kind);
    if (names != null && colon > 0) {
      if (!names.contains(name)) {
        unknown(front, path, kind.toLowerCase(Locale.ROOT), name, names, findings);
      }
    } else if (!label.equals("PUBLIC")
        && !(kind.equals("SECRET") && SECRET.matcher(name).matches())) {
      findings.error(
          "P022",
          front,
          path,
          "There is no label \"%s\".".formatted(label),
          "Labels are PUBLIC, FACTION:id, NPC:id, REGION:id, ROLE:role and SECRET:number.");
    }
  }

  private static void checkLinks(
      Manuscript manuscript, Outline outline, Set<String> files, Findings findings) {
    for (var target : outline.targets()) {
      var destination = target.destination();
      int hash = destination.indexOf('#');
      var file = hash < 0 ? destination : destination.substring(0, hash);
      if (!ELSEWHERE.matcher(destination).matches() && !files.contains("narrative/" + file)) {
        findings.error(
            "P022",
            manuscript.front().file(),
            new Position(manuscript.bodyLine() + target.line(), 1),
            "",
            "The link leads to nothing: %s.".formatted(destination),
            "Name a file beside this one.");
      }
    }
  }

  private static void checkLength(Manuscript manuscript, Findings findings) {
    long words = WORD.matcher(manuscript.body()).results().count();
    if (words < FEWEST_WORDS) {
      findings.warn(
          "P022",
          manuscript.front(),
          "",
          "The document has %d words.".formatted(words),
          "Below %d there is little to find in it.".formatted(FEWEST_WORDS));
    }
  }

  /// Warns of words that are to be kept and that a text open to everybody says.
  private static void checkTerms(List<Read> all, Findings findings) {
    var open = new HashMap<Read, List<String>>();
    all.forEach(read -> open.put(read, read.openLines()));
    for (var read : all) {
      var front = read.manuscript().front();
      var seen = new HashSet<String>();
      for (int i = 0; i < front.message().getClosedCount(); i++) {
        var terms = front.message().getClosed(i).getTermsList();
        for (int j = 0; j < terms.size(); j++) {
          var path = "closed[%d].terms[%d]".formatted(i, j);
          if (seen.add(terms.get(j))) {
            checkTerm(front, path, terms.get(j), all, open, findings);
          }
        }
      }
    }
  }

  private static void checkTerm(
      Document<Narrative> front,
      String path,
      String term,
      List<Read> all,
      Map<Read, List<String>> open,
      Findings findings) {
    var folded = term.toLowerCase(Locale.ROOT);
    for (var other : all) {
      var lines = open.getOrDefault(other, List.of());
      for (int i = 0; i < lines.size(); i++) {
        if (says(lines.get(i), folded)) {
          findings.warn(
              "P022",
              front,
              path,
              "\"%s\" is to be kept, but a text for everybody says it.".formatted(term),
              "It stands at %s:%d."
                  .formatted(other.manuscript().front().file(), other.manuscript().bodyLine() + i));
          return;
        }
      }
    }
  }

  /// Whether a line has a term as a word or words of its own. Both are in lower case.
  private static boolean says(String line, String term) {
    for (int at = line.indexOf(term); at >= 0; at = line.indexOf(term, at + 1)) {
      int end = at + term.length();
      boolean isWhole =
          (at == 0 || !Character.isLetterOrDigit(line.codePointBefore(at)))
              && (end == line.length() || !Character.isLetterOrDigit(line.codePointAt(end)));
      if (isWhole) {
        return true;
      }
    }
    return false;
  }

  private static void unknown(
      Document<Narrative> front,
      String path,
      String kind,
      String name,
      Collection<String> known,
      Findings findings) {
    findings.error(
        "P022",
        front,
        path,
        "There is no %s \"%s\".".formatted(kind, name),
        Suggestion.hint(name, known));
  }
}
