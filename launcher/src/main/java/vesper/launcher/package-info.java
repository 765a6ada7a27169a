/// The `vesper` program: all services of a world in one process, and the commands to use them.
@NullMarked
package vesper.launcher;

import org.jspecify.annotations.NullMarked;
