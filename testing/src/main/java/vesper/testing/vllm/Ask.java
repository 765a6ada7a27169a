package vesper.testing.vllm;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/// What a request for an answer asks.
///
/// @param chat whether it is of the chat route
/// @param model asked for
/// @param messages of the chat, or the prompt as the one message of a user
/// @param stream whether tokens are sent one by one
/// @param usage whether a stream ends with its usage
/// @param maxTokens most that the answer may have; 0 for as many as fit
/// @param stops texts that end the answer
/// @param seed of the request; 0 without one
record Ask(
    boolean chat,
    String model,
    List<Message> messages,
    boolean stream,
    boolean usage,
    int maxTokens,
    List<String> stops,
    long seed) {

  private static final int MOST_MESSAGES = 1_000;
  private static final int MOST_STOPS = 4;

  /// One text of a prompt.
  record Message(String role, String text) {}

  static Ask chat(JsonNode body) throws Refused {
    JsonNode given = body.path("messages");
    if (!given.isArray() || given.isEmpty() || given.size() > MOST_MESSAGES) {
      throw Refused.badRequest("messages", "must be an array of 1 to 1000 messages");
    }
    List<Message> messages = new ArrayList<>();
    for (JsonNode message : given) {
      messages.add(new Message(message.path("role").asText("user"), text(message.path("content"))));
    }
    return read(true, body, messages);
  }

  static Ask completion(JsonNode body) throws Refused {
    JsonNode prompt = body.path("prompt");
    if (prompt.isArray() && prompt.size() == 1) {
      prompt = prompt.path(0);
    }
    if (!prompt.isTextual()) {
      throw Refused.badRequest("prompt", "must be one text");
    }
    return read(false, body, List.of(new Message("user", prompt.asText())));
  }

  /// All texts, each message after its role.
  String text() {
    return messages.stream()
        .map(message -> message.role() + ": " + message.text())
        .collect(Collectors.joining("\n"));
  }

  private static Ask read(boolean chat, JsonNode body, List<Message> messages) throws Refused {
    if (body.path("n").asInt(1) != 1) {
      throw Refused.badRequest("n", "only one answer is given");
    }
    int maxTokens =
        body.path("max_completion_tokens").asInt(body.path("max_tokens").asInt(chat ? 0 : 16));
    if (maxTokens < 0) {
      throw Refused.badRequest("max_tokens", "must be 1 or more");
    }
    return new Ask(
        chat,
        body.path("model").asText(),
        List.copyOf(messages),
        body.path("stream").asBoolean(),
        body.path("stream_options").path("include_usage").asBoolean(),
        maxTokens,
        stops(body.path("stop")),
        body.path("seed").asLong());
  }

  private static List<String> stops(JsonNode given) throws Refused {
    List<String> stops = new ArrayList<>();
    if (given.isTextual()) {
      stops.add(given.asText());
    }
    for (JsonNode stop : given) {
      stops.add(stop.asText());
    }
    if (stops.size() > MOST_STOPS || stops.contains("")) {
      throw Refused.badRequest("stop", "must be at most 4 texts that are not empty");
    }
    return List.copyOf(stops);
  }

  /// The text of a message, given as one or as parts.
  private static String text(JsonNode content) throws Refused {
    if (content.isTextual()) {
      return content.asText();
    }
    StringBuilder text = new StringBuilder();
    for (JsonNode part : content) {
      if (!part.path("text").isTextual()) {
        throw Refused.badRequest("messages", "only parts of text are read");
      }
      text.append(part.path("text").asText());
    }
    return text.toString();
  }
}
