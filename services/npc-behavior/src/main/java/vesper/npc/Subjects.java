package vesper.npc;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import vesper.memory.Bm25;
import vesper.memory.Terms;

/// All that a person can be asked about, found by its names in what somebody says. Built once.
final class Subjects {

  private static final int ARTICLE_AND_NOUN = 2;

  /// One name of a subject, as terms.
  private record Name(List<String> terms, Subject subject, int rank) {}

  private final Map<String, List<Name>> byFirstTerm = new HashMap<>();
  private final List<Subject> subjects;
  private final Map<String, Subject> byId = new HashMap<>();
  private final List<List<String>> words;
  private final Bm25 relevance;

  /// Subjects with all their names; the ones that are to be preferred come first.
  ///
  /// @param names by subject, in order of preference
  Subjects(Map<Subject, Collection<String>> names) {
    subjects = List.copyOf(names.keySet());
    List<List<String>> all = new ArrayList<>();
    for (int rank = 0; rank < subjects.size(); rank++) {
      var subject = subjects.get(rank);
      byId.put(subject.id(), subject);
      var called = List.copyOf(names.getOrDefault(subject, List.of()));
      for (var terms : Terms.ALL.of(called)) {
        add(new Name(terms, subject, rank));
        boolean article = terms.size() >= ARTICLE_AND_NOUN && terms.getFirst().matches("the|an?");
        if (article) {
          add(new Name(terms.subList(1, terms.size()), subject, rank));
        }
      }
      all.add(Terms.CONTENT.of(String.join(" ", called)));
    }
    words = List.copyOf(all);
    relevance = Bm25.over(words);
  }

  private void add(Name name) {
    if (!name.terms().isEmpty()) {
      byFirstTerm.computeIfAbsent(name.terms().getFirst(), unseen -> new ArrayList<>()).add(name);
    }
  }

  Optional<Subject> find(String id) {
    return Optional.ofNullable(byId.get(id));
  }

  /// Returns the open subject that the words name: the one with the longest name, and of these the
  /// preferred one.
  Optional<Subject> named(List<String> terms, Predicate<Subject> open) {
    List<Name> found = new ArrayList<>();
    for (int i = 0; i < terms.size(); i++) {
      var rest = terms.subList(i, terms.size());
      byFirstTerm.getOrDefault(terms.get(i), List.of()).stream()
          .filter(name -> startsWith(rest, name.terms()) && open.test(name.subject()))
          .forEach(found::add);
    }
    return found.stream()
        .min(
            Comparator.comparingInt((Name name) -> name.terms().size())
                .reversed()
                .thenComparingInt(Name::rank))
        .map(Name::subject);
  }

  /// Returns the open subject whose names share most with words that name none: at least half of
  /// the words that carry content.
  Optional<Subject> like(String asked, Predicate<Subject> open) {
    var query = new HashSet<>(Terms.CONTENT.of(asked));
    var scores = relevance.scores(query);
    int best = -1;
    for (int i = 0; i < scores.length; i++) {
      long shared = words.get(i).stream().filter(query::contains).distinct().count();
      boolean enough = shared * 2 >= query.size() && open.test(subjects.get(i));
      if (enough && scores[i] > (best < 0 ? 0 : scores[best])) {
        best = i;
      }
    }
    return best < 0 ? Optional.empty() : Optional.of(subjects.get(best));
  }

  private static boolean startsWith(List<String> terms, List<String> name) {
    return terms.size() >= name.size() && terms.subList(0, name.size()).equals(name);
  }
}
