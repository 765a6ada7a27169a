/// Checks of the attacker.
@NullMarked
package vesper.bench.fuzz;

import org.jspecify.annotations.NullMarked;
