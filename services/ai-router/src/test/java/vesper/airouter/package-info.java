@NullMarked
package vesper.airouter;

import org.jspecify.annotations.NullMarked;
