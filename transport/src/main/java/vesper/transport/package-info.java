/// grpc-java over NATS: unmodified stubs and service classes with NATS, or the same JVM, in
/// between.
@NullMarked
package vesper.transport;

import org.jspecify.annotations.NullMarked;
