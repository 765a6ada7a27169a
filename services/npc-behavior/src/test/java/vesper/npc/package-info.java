/// Tests of the people of a world.
@NullMarked
package vesper.npc;

import org.jspecify.annotations.NullMarked;
