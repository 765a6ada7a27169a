/// Tests of the edge over real connections.
@NullMarked
package vesper.gateway;

import org.jspecify.annotations.NullMarked;
