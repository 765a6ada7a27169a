/// Tests of the rules on shown and read text.
@NullMarked
package vesper.guard;

import org.jspecify.annotations.NullMarked;
