package vesper.worldpack;

import com.google.protobuf.ByteString;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// One file of a pack as it lies on disk.
///
/// @param path the path within the pack, with slashes
/// @param bytes the content
record SourceFile(String path, ByteString bytes) {

  /// Returns SHA-256 of the content, in lower-case hexadecimal.
  String sha256() {
    try {
      var digest = MessageDigest.getInstance("SHA-256");
      digest.update(bytes.asReadOnlyByteBuffer());
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java platform has SHA-256", e);
    }
  }
}
