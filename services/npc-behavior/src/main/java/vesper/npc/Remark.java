package vesper.npc;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import vesper.pack.v1.Emotion;

/// A line as it is said, with its slots filled: the whole of an answer or a part of it.
///
/// @param ids of the line, of the knowledge told in it and of the memories woven into it
/// @param text the words
/// @param emotion what shows
/// @param change what it does to the feelings
/// @param memories ids of what is remembered in it
/// @param rank the higher, the better it suits
record Remark(
    List<String> ids,
    String text,
    Optional<Emotion> emotion,
    Relation change,
    List<String> memories,
    int rank) {

  /// A remark that is knowledge alone.
  static Remark ofKnowledge(String id, String text) {
    return new Remark(List.of(id), text, Optional.empty(), Relation.NONE, List.of(), 0);
  }

  Remark ranked(int newRank) {
    return new Remark(ids, text, emotion, change, memories, newRank);
  }

  /// Returns this remark where what it repeats was said only now.
  Remark withoutMemories() {
    return new Remark(ids, text, emotion, change, List.of(), rank);
  }

  /// Returns this remark, which holds the words of another.
  Remark telling(Remark knowledge) {
    var all = Stream.concat(ids.stream(), knowledge.ids.stream()).toList();
    return new Remark(all, text, emotion, change, memories, rank);
  }
}
