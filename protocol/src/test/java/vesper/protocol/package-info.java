/// Checks that hold for every contract.
@NullMarked
package vesper.protocol;

import org.jspecify.annotations.NullMarked;
