@NullMarked
package vesper.testing.vllm;

import org.jspecify.annotations.NullMarked;
