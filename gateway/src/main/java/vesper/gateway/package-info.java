/// The edge: one port for HTTP/JSON, server-sent events and gRPC onto the same contracts. The only
/// package that knows the HTTP engine.
@NullMarked
package vesper.gateway;

import org.jspecify.annotations.NullMarked;
