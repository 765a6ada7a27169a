/// Finds passages of documents by words and by meaning, among those that the asker may know.
@NullMarked
package vesper.retrieval;

import org.jspecify.annotations.NullMarked;
