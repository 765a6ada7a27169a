/// Prompts: what a model is told, in an order that never changes, cut to a budget of tokens.
@NullMarked
package vesper.prompt;

import org.jspecify.annotations.NullMarked;
