package vesper.worldpack;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;

/// The files of a pack, read whole and in the order of their paths. Hidden files, links and files
/// that are neither YAML nor Markdown are no part of a pack.
final class PackFiles {
  /// The largest file of a pack.
  static final int MAX_FILE_BYTES = 2 << 20;

  /// The largest pack.
  static final int MAX_PACK_BYTES = 16 << 20;

  /// The largest number of files in a pack.
  static final int MAX_FILES = 20_000;

  private static final int MAX_DEPTH = 8;

  private final List<SourceFile> files;

  private PackFiles(List<SourceFile> files) {
    this.files = files;
  }

  /// Reads the files below a directory; those over a limit become findings.
  static PackFiles read(Path directory, Findings findings) {
    var paths = new ArrayList<Path>();
    try {
      Files.walkFileTree(
          directory,
          Set.of(),
          MAX_DEPTH,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path visited, BasicFileAttributes attributes) {
              return isHidden(visited) && !visited.equals(directory)
                  ? FileVisitResult.SKIP_SUBTREE
                  : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
              if (attributes.isRegularFile() && !isHidden(file) && isPackFile(file)) {
                paths.add(file);
              }
              return paths.size() > MAX_FILES
                  ? FileVisitResult.TERMINATE
                  : FileVisitResult.CONTINUE;
            }
          });
      return new PackFiles(readAll(directory, paths, findings));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<SourceFile> readAll(Path directory, List<Path> paths, Findings findings)
      throws IOException {
    if (paths.size() > MAX_FILES) {
      findings.file("P001", "", "The pack has more than %d files.".formatted(MAX_FILES), "");
      return List.of();
    }
    var files = new ArrayList<SourceFile>();
    long total = 0;
    for (var path : paths) {
      var name = directory.relativize(path).toString().replace('\\', '/');
      long size = Files.size(path);
      total += size;
      if (size > MAX_FILE_BYTES) {
        findings.file(
            "P001",
            name,
            "The file has more than %d bytes.".formatted(MAX_FILE_BYTES),
            "Split it.");
      } else if (total <= MAX_PACK_BYTES) {
        files.add(new SourceFile(name, ByteString.copyFrom(Files.readAllBytes(path))));
      }
    }
    if (total > MAX_PACK_BYTES) {
      findings.file("P001", "", "The pack has more than %d bytes.".formatted(MAX_PACK_BYTES), "");
    }
    files.sort(Comparator.comparing(SourceFile::path));
    return List.copyOf(files);
  }

  List<SourceFile> list() {
    return files;
  }

  /// Returns SHA-256 over each file's path, length and content, in lower-case hexadecimal.
  String digest() {
    try {
      var digest = MessageDigest.getInstance("SHA-256");
      for (var file : files) {
        var path = file.path().getBytes(UTF_8);
        digest.update(ByteBuffer.allocate(4).putInt(path.length).array());
        digest.update(path);
        digest.update(ByteBuffer.allocate(4).putInt(file.bytes().size()).array());
        digest.update(file.bytes().asReadOnlyByteBuffer());
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java platform has SHA-256", e);
    }
  }

  private static boolean isHidden(Path path) {
    var name = path.getFileName();
    return name != null && name.toString().startsWith(".");
  }

  private static boolean isPackFile(Path file) {
    var name = String.valueOf(file.getFileName());
    return name.endsWith(".yaml") || name.endsWith(".yml") || name.endsWith(".md");
  }
}
