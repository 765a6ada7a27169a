/// Starts and owns a real nats-server and a real PostgreSQL on this machine.
///
/// Both run as foreground children on loopback, with their output in log files of the data folder.
/// What a killed owner left behind is recognised by pid, start time and program, and is adopted or
/// stopped by the next start.
@NullMarked
package vesper.infrastructure;

import org.jspecify.annotations.NullMarked;
