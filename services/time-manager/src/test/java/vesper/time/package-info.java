/// Tests of the game clock.
@NullMarked
package vesper.time;

import org.jspecify.annotations.NullMarked;
