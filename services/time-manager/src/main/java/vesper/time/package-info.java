/// One game clock per world: its calendar, its conversion to real time, and the boundaries it
/// announces.
@NullMarked
package vesper.time;

import org.jspecify.annotations.NullMarked;
