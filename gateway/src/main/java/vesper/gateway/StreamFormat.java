package vesper.gateway;

import com.google.protobuf.Message;
import com.linecorp.armeria.common.RequestHeaders;
import vesper.gateway.transcoding.HttpRoute;
import vesper.gateway.transcoding.JsonReply;

/// How a stream is written over HTTP.
enum StreamFormat {
  /// Server-sent events: `item` with JSON and its cursor, or a running number where the contract
  /// has none; then `end`, or `error` with a problem.
  EVENTS("text/event-stream") {
    @Override
    void item(JsonReply text, long sequence, HttpRoute route, Message item) {
      text.text("event: item\n");
      String cursor =
          route.marks().haveCursor() ? route.marks().cursor(item) : Long.toString(sequence);
      if (!cursor.isEmpty()) {
        text.text("id: ").text(cursor).text("\n");
      }
      text.text("data: ");
      route.print(item, text);
      text.text("\n\n");
    }

    @Override
    void failure(JsonReply text, byte[] problem) {
      text.text("event: error\ndata: ").bytes(problem).text("\n\n");
    }

    @Override
    void end(JsonReply text) {
      text.text("event: end\ndata: {}\n\n");
    }

    @Override
    void beat(JsonReply text) {
      text.text(":\n\n");
    }
  },

  /// One JSON object a line; a failure is a last line with the one member `problem`.
  LINES("application/x-ndjson") {
    @Override
    void item(JsonReply text, long sequence, HttpRoute route, Message item) {
      route.print(item, text);
      text.text("\n");
    }

    @Override
    void failure(JsonReply text, byte[] problem) {
      text.text("{\"problem\":").bytes(problem).text("}\n");
    }

    @Override
    void end(JsonReply text) {}

    @Override
    void beat(JsonReply text) {}
  };

  /// The format that a client asks for: events unless it names the other one.
  static StreamFormat of(RequestHeaders headers) {
    boolean lines =
        headers.accept().stream()
            .anyMatch(
                type -> type.type().equals("application") && type.subtype().equals("x-ndjson"));
    return lines ? LINES : EVENTS;
  }

  private final String mediaType;

  StreamFormat(String mediaType) {
    this.mediaType = mediaType;
  }

  String mediaType() {
    return mediaType;
  }

  abstract void item(JsonReply text, long sequence, HttpRoute route, Message item);

  abstract void failure(JsonReply text, byte[] problem);

  abstract void end(JsonReply text);

  abstract void beat(JsonReply text);
}
