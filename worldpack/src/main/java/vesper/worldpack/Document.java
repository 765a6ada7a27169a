package vesper.worldpack;

import com.google.protobuf.Message;
import java.util.Map;

/// One file of a pack, read into its message.
///
/// @param file the file's path within the pack
/// @param message what the file says
/// @param positions where each part of the message stands, by its path
record Document<M extends Message>(String file, M message, Map<String, Position> positions) {

  /// Returns where a part stands, or the nearest part around it that is in the file.
  Position position(String path) {
    var at = path;
    while (true) {
      var position = positions.get(at);
      if (position != null) {
        return position;
      }
      if (at.isEmpty()) {
        return Position.START;
      }
      at = at.substring(0, Math.max(0, Math.max(at.lastIndexOf('.'), at.lastIndexOf('['))));
    }
  }

  /// Returns the same file with another message, such as one with its defaults filled in.
  Document<M> with(M other) {
    return new Document<>(file, other, positions);
  }
}
