package vesper.npc;

import java.util.List;
import vesper.pack.v1.Acquaintance;
import vesper.pack.v1.Topic;

/// Something in the world that one can be asked about.
sealed interface Subject {

  /// Unique within a person's subjects.
  String id();

  /// As it is spoken within a sentence.
  String name();

  /// What the person knows to tell.
  record Known(Topic topic) implements Subject {
    @Override
    public String id() {
      return "topic:" + topic.getId();
    }

    @Override
    public String name() {
      return topic.getName();
    }
  }

  /// Another person of the world.
  ///
  /// @param says what is said of the other; empty of a stranger
  record Person(String npc, String name, List<String> says) implements Subject {
    static Person of(String npc, String name, List<Acquaintance> acquaintances) {
      return new Person(
          npc,
          name,
          acquaintances.stream()
              .filter(each -> each.getNpc().equals(npc))
              .flatMap(each -> each.getSaysList().stream())
              .toList());
    }

    @Override
    public String id() {
      return "person:" + npc;
    }
  }

  /// A region or a spot in one.
  record Place(String id, String name, String description) implements Subject {}

  /// A faction.
  record Family(String id, String name, String description) implements Subject {}
}
