/// HTTP/JSON from and to the contracts, without any HTTP engine: routes, strict JSON, problems.
@NullMarked
package vesper.gateway.transcoding;

import org.jspecify.annotations.NullMarked;
