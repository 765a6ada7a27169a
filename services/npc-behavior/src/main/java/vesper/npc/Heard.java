package vesper.npc;

import java.util.List;
import java.util.Optional;
import vesper.pack.v1.Intent;

/// What somebody understands of what a player says.
///
/// @param told the facts in it
/// @param meaning what it asks for above all
/// @param interest what it wants to know, by its form
record Heard(List<Fact> told, Meaning meaning, Interest interest) {

  /// What words are for.
  sealed interface Meaning {

    /// As the world's dialogue calls it.
    Intent intent();

    /// Anything that needs no more to be answered.
    record Plain(Intent intent) implements Meaning {}

    /// States a fact.
    record Tells(Fact fact) implements Meaning {
      @Override
      public Intent intent() {
        return Intent.INTENT_TELL_FACT;
      }
    }

    /// Asks for a fact that may have been told.
    record AsksFact(FactQuestion question) implements Meaning {
      @Override
      public Intent intent() {
        return Intent.INTENT_ASK_FACT;
      }
    }

    /// Asks what was said of something.
    record AsksSaid(String about) implements Meaning {
      @Override
      public Intent intent() {
        return Intent.INTENT_ASK_FACT;
      }
    }

    /// Asks about something; empty when the world has nothing of the kind.
    record AsksAbout(Optional<Subject> subject) implements Meaning {
      @Override
      public Intent intent() {
        return Intent.INTENT_ASK_ABOUT;
      }
    }
  }
}
