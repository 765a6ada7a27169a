/// Sends a running system what no well-behaved client sends, and checks that it stays calm: seeded
/// requests over HTTP, gRPC and NATS beside a client that does nothing wrong.
@NullMarked
package vesper.bench.fuzz;

import org.jspecify.annotations.NullMarked;
