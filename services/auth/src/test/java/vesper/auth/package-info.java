/// Tests of the service auth.
@NullMarked
package vesper.auth;

import org.jspecify.annotations.NullMarked;
