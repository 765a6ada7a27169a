/// What clients read about the edge: a document in the notation of OpenAPI 3.1 and a list of
/// routes, made from the contracts alone.
@NullMarked
package vesper.gateway.openapi;

import org.jspecify.annotations.NullMarked;
