/// What is known in a world: its documents, who may know which part of them, and the search for
/// passages.
@NullMarked
package vesper.kb;

import org.jspecify.annotations.NullMarked;
