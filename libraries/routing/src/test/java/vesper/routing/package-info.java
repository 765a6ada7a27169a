@NullMarked
package vesper.routing;

import org.jspecify.annotations.NullMarked;
