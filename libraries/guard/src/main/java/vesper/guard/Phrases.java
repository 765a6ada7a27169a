package vesper.guard;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.ahocorasick.trie.PayloadTrie;

/// Phrases that are looked for all at once, on word boundaries, by Aho–Corasick.
final class Phrases<T> {
  // A long phrase is also looked for without its spaces.
  private static final int SHORTEST_SQUEEZED = 8;

  private final PayloadTrie<List<Entry<T>>> trie;
  private final boolean empty;

  private record Entry<T>(List<String> words, T value) {

    boolean isAt(List<Word> text, int first) {
      for (int i = 0; i < words.size(); i++) {
        if (!Word.reads(text.get(first + i).letters(), words.get(i))) {
          return false;
        }
      }
      return true;
    }
  }

  /// A phrase in a text: what it stands for, its first word and the word after its last.
  record Hit<T>(T value, int first, int end) {}

  private Phrases(Map<String, List<Entry<T>>> entries) {
    var builder = PayloadTrie.<List<Entry<T>>>builder();
    entries.forEach(builder::addKeyword);
    trie = builder.build();
    empty = entries.isEmpty();
  }

  /// Builds the phrases from texts and what each stands for. A text without any word is left out.
  static final class Builder<T> {
    private final Map<String, List<Entry<T>>> entries = new HashMap<>();

    Builder<T> add(String phrase, T value) {
      var words = Reading.of(phrase).words();
      if (!words.isEmpty()) {
        add(words.stream().map(Word::letters).toList(), value);
        var squeezed =
            Word.of(words.stream().map(Word::letters).collect(Collectors.joining()), 0, 0, 0);
        if (words.size() > 1 && squeezed.letters().length() >= SHORTEST_SQUEEZED) {
          add(List.of(squeezed.letters()), value);
        }
      }
      return this;
    }

    private void add(List<String> words, T value) {
      var key = words.stream().map(Word::form).collect(Collectors.joining(" ", " ", " "));
      entries.computeIfAbsent(key, unseen -> new ArrayList<>()).add(new Entry<>(words, value));
    }

    Phrases<T> build() {
      return new Phrases<>(entries);
    }
  }

  /// Returns all phrases in a text, by the place of their end.
  List<Hit<T>> in(List<Word> text) {
    if (empty || text.isEmpty()) {
      return List.of();
    }
    var joined = new StringBuilder(" ");
    Map<Integer, Integer> wordAt = new HashMap<>();
    for (int i = 0; i < text.size(); i++) {
      wordAt.put(joined.length() - 1, i);
      joined.append(text.get(i).form()).append(' ');
    }
    List<Hit<T>> hits = new ArrayList<>();
    for (var emit : trie.parseText(joined)) {
      var first = wordAt.get(emit.getStart());
      if (first != null) {
        for (var entry : emit.getPayload()) {
          if (entry.isAt(text, first)) {
            hits.add(new Hit<>(entry.value(), first, first + entry.words().size()));
          }
        }
      }
    }
    return hits;
  }
}
