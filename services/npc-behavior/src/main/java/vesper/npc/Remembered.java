package vesper.npc;

import java.util.Optional;
import vesper.memory.Memory;

/// A memory of a person, and the fact it states if one was recognised.
record Remembered(Memory memory, Optional<Fact> fact) {}
