/// Tests of the worlds.
@NullMarked
package vesper.world;

import org.jspecify.annotations.NullMarked;
