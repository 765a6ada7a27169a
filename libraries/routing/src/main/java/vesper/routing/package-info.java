/// Which tier and which endpoint a call goes to, and how the endpoints are: rules without a
/// transport, on a given clock.
@NullMarked
package vesper.routing;

import org.jspecify.annotations.NullMarked;
