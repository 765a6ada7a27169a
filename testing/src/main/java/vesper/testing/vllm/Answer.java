package vesper.testing.vllm;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.List;

/// A whole answer and its JSON.
///
/// @param ask what was asked
/// @param id of the answer
/// @param model that answers
/// @param tokens of the answer
/// @param finish `stop`, or `length` when it had to end early
/// @param promptTokens read
/// @param cachedTokens known before
record Answer(
    Ask ask,
    String id,
    String model,
    List<String> tokens,
    String finish,
    int promptTokens,
    int cachedTokens) {

  /// The first event of a stream, before any text.
  ObjectNode opening() {
    ObjectNode chunk = head(true);
    delta(chunk).put("role", "assistant").put("content", "");
    return chunk;
  }

  /// The event of one token.
  ObjectNode piece(String token) {
    ObjectNode chunk = head(true);
    if (ask.chat()) {
      delta(chunk).put("content", token);
    } else {
      choice(chunk).put("text", token).putNull("finish_reason");
    }
    return chunk;
  }

  /// The event that tells why the text ended.
  ObjectNode closing() {
    ObjectNode chunk = head(true);
    ObjectNode choice = choice(chunk);
    if (ask.chat()) {
      choice.putObject("delta");
    } else {
      choice.put("text", "");
    }
    choice.put("finish_reason", finish);
    return chunk;
  }

  /// The event with the usage.
  ObjectNode counted() {
    ObjectNode chunk = head(true);
    chunk.putArray("choices");
    chunk.set("usage", usage());
    return chunk;
  }

  /// The answer in one piece.
  ObjectNode whole() {
    ObjectNode whole = head(false);
    ObjectNode choice = choice(whole);
    String text = String.join("", tokens);
    if (ask.chat()) {
      choice.putObject("message").put("role", "assistant").put("content", text);
    } else {
      choice.put("text", text);
    }
    choice.put("finish_reason", finish);
    whole.set("usage", usage());
    return whole;
  }

  private ObjectNode head(boolean chunk) {
    String object =
        ask.chat() ? (chunk ? "chat.completion.chunk" : "chat.completion") : "text_completion";
    return JsonNodeFactory.instance
        .objectNode()
        .put("id", id)
        .put("object", object)
        .put("created", Instant.now().getEpochSecond())
        .put("model", model);
  }

  private static ObjectNode choice(ObjectNode node) {
    return node.putArray("choices").addObject().put("index", 0);
  }

  private static ObjectNode delta(ObjectNode chunk) {
    return choice(chunk).putNull("finish_reason").putObject("delta");
  }

  private ObjectNode usage() {
    ObjectNode usage = JsonNodeFactory.instance.objectNode();
    usage.put("prompt_tokens", promptTokens).put("completion_tokens", tokens.size());
    usage.put("total_tokens", promptTokens + tokens.size());
    usage.putObject("prompt_tokens_details").put("cached_tokens", cachedTokens);
    return usage;
  }
}
