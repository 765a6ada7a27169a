/// Tests of prompts.
@NullMarked
package vesper.prompt;

import org.jspecify.annotations.NullMarked;
