/// Tests of what is known in a world.
@NullMarked
package vesper.kb;

import org.jspecify.annotations.NullMarked;
