/// A load of players and game servers on a system of several processes, while a part of it is
/// killed, paused or restarted, and what must hold afterwards.
@NullMarked
package vesper.bench.fault;

import org.jspecify.annotations.NullMarked;
