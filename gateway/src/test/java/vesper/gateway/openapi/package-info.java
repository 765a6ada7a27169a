/// Tests of what clients read about the edge.
@NullMarked
package vesper.gateway.openapi;

import org.jspecify.annotations.NullMarked;
