/// The memory stream of an NPC: what a memory is, how much it weighs, and which ones come to mind.
@NullMarked
package vesper.memory;

import org.jspecify.annotations.NullMarked;
