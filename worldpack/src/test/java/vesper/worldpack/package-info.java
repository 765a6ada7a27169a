@NullMarked
package vesper.worldpack;

import org.jspecify.annotations.NullMarked;
