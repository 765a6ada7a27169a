/// Tests of the door to the models.
@NullMarked
package vesper.ai;

import org.jspecify.annotations.NullMarked;
