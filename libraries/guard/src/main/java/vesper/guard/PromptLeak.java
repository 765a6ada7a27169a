package vesper.guard;

import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Finds words of the prompt's own text in an answer: twenty in a row.
final class PromptLeak {
  static final String RULE = "prompt-leak";
  static final PromptLeak NONE = new PromptLeak(Set.of());
  private static final int WORDS = 20;

  private final Set<String> passages;

  private PromptLeak(Set<String> passages) {
    this.passages = passages;
  }

  static PromptLeak of(Collection<String> texts) {
    Set<String> passages = new HashSet<>();
    for (var text : texts) {
      var words = Reading.of(text).words();
      for (int i = 0; i + WORDS <= words.size(); i++) {
        passages.add(passage(words, i));
      }
    }
    return new PromptLeak(Set.copyOf(passages));
  }

  Optional<Verdict> find(Reading text) {
    var words = text.words();
    for (int i = 0; !passages.isEmpty() && i + WORDS <= words.size(); i++) {
      if (passages.contains(passage(words, i))) {
        return Optional.of(
            Verdict.output(RULE, words.get(i).start(), words.get(i + WORDS - 1).end()));
      }
    }
    return Optional.empty();
  }

  private static String passage(List<Word> words, int first) {
    var passage = new StringBuilder();
    for (var word : words.subList(first, first + WORDS)) {
      passage.append(word.form()).append(' ');
    }
    return passage.toString();
  }
}
