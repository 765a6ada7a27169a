/// Tests of the memory stream.
@NullMarked
package vesper.memory;

import org.jspecify.annotations.NullMarked;
