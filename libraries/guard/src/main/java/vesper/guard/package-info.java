/// What may be shown to a player, and what may enter a prompt.
@NullMarked
package vesper.guard;

import org.jspecify.annotations.NullMarked;
