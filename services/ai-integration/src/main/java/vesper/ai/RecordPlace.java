package vesper.ai;

import java.util.Optional;
import java.util.UUID;
import vesper.ai.v1.ListDecisionsRequest;
import vesper.runtime.PageToken;
import vesper.runtime.Refusal;

/// The record after which the next page of a list begins. Its text is of use for the same list
/// only.
///
/// @param micros when the record began, since the epoch
record RecordPlace(long micros, UUID decision) {
  /// Returns the text.
  String write(ListDecisionsRequest list) {
    return PageToken.write(query(list), micros + " " + decision);
  }

  /// Returns where a page begins; none for the first page.
  ///
  /// @throws io.grpc.StatusRuntimeException INVALID_ARGUMENT for a text that another list returned
  static Optional<RecordPlace> read(ListDecisionsRequest list) {
    return PageToken.read(query(list), list.getPageToken()).map(RecordPlace::parse);
  }

  private static RecordPlace parse(String place) {
    String[] parts = place.split(" ", 2);
    try {
      return new RecordPlace(
          Long.parseLong(parts[0]), UUID.fromString(parts.length == 2 ? parts[1] : ""));
    } catch (IllegalArgumentException e) {
      throw Refusal.invalid("pageToken", "was not returned for this list");
    }
  }

  private static String query(ListDecisionsRequest list) {
    return String.join(
        "\n",
        list.getWorldId(),
        list.getPlayerId(),
        list.getNpcId(),
        list.getConversationId(),
        list.getPath().name());
  }
}
