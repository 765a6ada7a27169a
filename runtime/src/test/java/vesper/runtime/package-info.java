/// Tests of the runtime.
@NullMarked
package vesper.runtime;

import org.jspecify.annotations.NullMarked;
