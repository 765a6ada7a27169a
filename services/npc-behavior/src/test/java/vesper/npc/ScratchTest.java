package vesper.npc;

import java.util.List;
import org.junit.jupiter.api.Test;

class ScratchTest {
  @Test
  void talk() {
    var world = new Rehearsal(Rehearsal.SAMPLE);
    for (var words :
        List.of(
            "Hello!",
            "Who are you?",
            "My name is Ilse.",
            "I grew up in Kiln Street",
            "My brother Tomas drowned in the river.",
            "What do you know about the last broker?",
            "Tell me more",
            "tell me more",
            "go on",
            "What about the page that was cut out?",
            "Who is Madam Ossery?",
            "Where is the Plenty?",
            "Do you know Pip?",
            "What is my name?",
            "Who is my brother?",
            "What did I tell you about the river?",
            "Where do I come from?",
            "What am I afraid of?",
            "What time is it?",
            "Do you have any work for me?",
            "I'd like to buy a knife",
            "You're a liar",
            "thanks",
            "asdf qwer",
            "I promise I'll bring you the ledger by Friday, can you help me?",
            "What did I promise?",
            "How are you?",
            "What do you know about me?",
            "goodbye",
            "Hello Mara",
            "hi",
            "What have I told you about myself?")) {
      var e = world.exchange("mara-vey", "p1", words);
      System.out.println(
          "> "
              + words
              + "\n    ["
              + e.turn().manner().intent()
              + "] "
              + e.turn().answer()
              + "   "
              + e.turn().lines()
              + " "
              + e.turn().manner());
      e.conversation().end().ifPresent(end -> System.out.println("=== " + end));
    }
  }
}
