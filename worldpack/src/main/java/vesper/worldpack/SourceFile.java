package vesper.worldpack;

import com.google.protobuf.ByteString;

/// One file of a pack as it lies on disk.
///
/// @param path the path within the pack, with slashes
/// @param bytes the content
record SourceFile(String path, ByteString bytes) {}
