/// The people of a world: who they are, what they remember, how they stand to others, and how they
/// talk.
@NullMarked
package vesper.npc;

import org.jspecify.annotations.NullMarked;
