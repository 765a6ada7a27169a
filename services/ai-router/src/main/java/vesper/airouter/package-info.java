/// Which model answers: the endpoints of models, their health, and the route of each call.
@NullMarked
package vesper.airouter;

import org.jspecify.annotations.NullMarked;
