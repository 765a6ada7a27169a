/// The door to the models: prompts, guard, fallback and records of every answer.
@NullMarked
package vesper.ai;

import org.jspecify.annotations.NullMarked;
