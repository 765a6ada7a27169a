package vesper.guard;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// Rules about phrases that stand together, read from a resource.
///
/// A line `name = phrase, phrase` gives a class of phrases; indented lines go on with it. A line
/// `rule: a +2 b` finds a phrase of class `a` and after it, with at most two words between, one of
/// class `b`; `~2` allows either order; `unless c` takes the finding back when a phrase of class
/// `c` stands within it or at most four words before it. All of it in one sentence. `#` begins a
/// comment.
final class Lexicon {
  private static final int WORDS_BEFORE = 4;

  private final Phrases<String> phrases;
  private final List<Rule> rules;

  /// A rule that was broken, and where.
  record Finding(String rule, int start, int end) {}

  /// @param steps gaps of the first are unused
  private record Rule(String name, List<Step> steps, List<String> unless) {}

  private record Step(String phraseClass, int gap, boolean ordered) {}

  private record Span(int first, int end) {

    boolean leadsTo(Phrases.Hit<?> hit, Step step) {
      int between = hit.first() >= end ? hit.first() - end : first - hit.end();
      return between >= 0 && between <= step.gap() && (!step.ordered() || hit.first() >= end);
    }

    Span with(Phrases.Hit<?> hit) {
      return new Span(Math.min(first, hit.first()), Math.max(end, hit.end()));
    }
  }

  private Lexicon(Phrases<String> phrases, List<Rule> rules) {
    this.phrases = phrases;
    this.rules = rules;
  }

  /// Reads the resource `name` beside this class.
  static Lexicon load(String name) {
    try (InputStream in = Lexicon.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalArgumentException("No lexicon %s".formatted(name));
      }
      return parse(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException("A lexicon could not be read", e);
    }
  }

  static Lexicon parse(String text) {
    Map<String, List<String>> classes = new HashMap<>();
    List<Rule> rules = new ArrayList<>();
    List<String> open = new ArrayList<>();
    for (var raw : text.lines().toList()) {
      var line = raw.replaceFirst("#.*", "");
      if (line.isBlank()) {
        continue;
      }
      if (Character.isWhitespace(line.charAt(0))) {
        open.addAll(phrases(line));
      } else if (line.contains("=")) {
        var parts = line.split("=", 2);
        open = classes.computeIfAbsent(parts[0].strip(), unseen -> new ArrayList<>());
        open.addAll(phrases(parts[1]));
      } else {
        rules.add(rule(line));
      }
    }
    for (var rule : rules) {
      Stream.concat(rule.steps().stream().map(Step::phraseClass), rule.unless().stream())
          .filter(used -> !classes.containsKey(used))
          .findFirst()
          .ifPresent(missing -> {
            throw new IllegalArgumentException("No class %s".formatted(missing));
          });
    }
    var phrases = new Phrases.Builder<String>();
    classes.forEach((name, words) -> words.forEach(word -> phrases.add(word, name)));
    return new Lexicon(phrases.build(), List.copyOf(rules));
  }

  private static List<String> phrases(String list) {
    return Stream.of(list.split(",")).map(String::strip).filter(p -> !p.isEmpty()).toList();
  }

  private static Rule rule(String line) {
    var parts = line.split(":", 2);
    var condition = parts[1].split(" unless ", 2);
    var terms = condition[0].strip().split("\\s+");
    List<Step> steps = new ArrayList<>();
    steps.add(new Step(terms[0], 0, true));
    for (int i = 1; i + 1 < terms.length; i += 2) {
      int gap = Integer.parseInt(terms[i].substring(1));
      steps.add(new Step(terms[i + 1], gap, terms[i].charAt(0) == '+'));
    }
    return new Rule(
        parts[0].strip(),
        List.copyOf(steps),
        condition.length == 1 ? List.of() : phrases(condition[1]));
  }

  /// Returns the first finding of each rule that a text breaks, by the order of the rules.
  List<Finding> find(Reading text) {
    Map<String, List<Phrases.Hit<String>>> hits = new HashMap<>();
    for (var hit : phrases.in(text.words())) {
      hits.computeIfAbsent(hit.value(), unseen -> new ArrayList<>()).add(hit);
    }
    List<Finding> findings = new ArrayList<>();
    for (var rule : hits.isEmpty() ? List.<Rule>of() : rules) {
      var search = new Search(text.words(), hits, rule);
      for (var hit : hits.getOrDefault(rule.steps().getFirst().phraseClass(), List.of())) {
        if (search.from(new Span(hit.first(), hit.end()), 1, findings)) {
          break;
        }
      }
    }
    return findings;
  }

  /// Looks for one rule in one text.
  private record Search(List<Word> words, Map<String, List<Phrases.Hit<String>>> hits, Rule rule) {

    /// Whether the steps from `next` on fit what was found so far; the finding is added.
    boolean from(Span span, int next, List<Finding> findings) {
      if (!inOneSentence(span)) {
        return false;
      }
      if (next == rule.steps().size()) {
        if (isExcused(span)) {
          return false;
        }
        return findings.add(
            new Finding(
                rule.name(), words.get(span.first()).start(), words.get(span.end() - 1).end()));
      }
      var step = rule.steps().get(next);
      for (var hit : hits.getOrDefault(step.phraseClass(), List.of())) {
        if (span.leadsTo(hit, step) && from(span.with(hit), next + 1, findings)) {
          return true;
        }
      }
      return false;
    }

    private boolean inOneSentence(Span span) {
      return words.get(span.first()).sentence() == words.get(span.end() - 1).sentence();
    }

    private boolean isExcused(Span span) {
      return rule.unless().stream()
          .flatMap(excuse -> hits.getOrDefault(excuse, List.of()).stream())
          .anyMatch(hit ->
              hit.first() >= span.first() - WORDS_BEFORE
                  && hit.end() <= span.end()
                  && words.get(hit.first()).sentence() == words.get(span.first()).sentence());
    }
  }
}
