/// Hosts services: configuration, database, outbox, interceptors, health, metrics, traces and an
/// ordered life.
@NullMarked
package vesper.runtime;

import org.jspecify.annotations.NullMarked;
