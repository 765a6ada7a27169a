/// Tests of the transport.
@NullMarked
package vesper.transport;

import org.jspecify.annotations.NullMarked;
