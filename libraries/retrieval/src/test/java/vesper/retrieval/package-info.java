@NullMarked
package vesper.retrieval;

import org.jspecify.annotations.NullMarked;
