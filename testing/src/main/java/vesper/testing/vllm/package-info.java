/// A server that speaks OpenAI's protocol as vLLM does, without a model: its answers are made from
/// a seed and the prompt, and its faults come on request.
@NullMarked
package vesper.testing.vllm;

import org.jspecify.annotations.NullMarked;
