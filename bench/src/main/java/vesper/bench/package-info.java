/// Measures the transport, the product's whole path and their alternatives side by side in one run.
@NullMarked
package vesper.bench;

import org.jspecify.annotations.NullMarked;
