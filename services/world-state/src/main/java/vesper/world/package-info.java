/// The worlds: what is in them, how it is now, in which order it changed, and who watches.
@NullMarked
package vesper.world;

import org.jspecify.annotations.NullMarked;
