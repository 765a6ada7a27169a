package vesper.retrieval;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/// Cuts sections into chunks, at sentences where it can.
public final class Chunker {
  private final ChunkSizes sizes;

  /// Makes a chunker for chunks of some sizes.
  public Chunker(ChunkSizes sizes) {
    this.sizes = sizes;
  }

  /// Returns the chunks of a section in order. Each holds whole sentences, tables and blocks of
  /// code, and begins with the last sentences of the one before if they are short. What is too long
  /// for a chunk is cut between words, and overlaps in words.
  public List<Chunk> chunks(String document, Section section) {
    var units = Units.of(section.text(), sizes);
    List<Chunk> chunks = new ArrayList<>();
    for (var run : runs(units)) {
      int start = units.get(run.from()).start();
      int end = units.get(run.to() - 1).end();
      var text = section.text().substring(start, end);
      var id = id(document, section, chunks.size(), text);
      chunks.add(new Chunk(id, section.headings(), start, end, text, run.tokens(units)));
    }
    return List.copyOf(chunks);
  }

  /// Units from one to before another.
  private record Run(int from, int to) {
    int tokens(List<Unit> units) {
      return units.subList(from, to).stream().mapToInt(Unit::tokens).sum();
    }
  }

  private List<Run> runs(List<Unit> units) {
    List<Run> runs = new ArrayList<>();
    int from = 0;
    while (from < units.size()) {
      int to = end(units, from);
      runs.add(new Run(from, to));
      from = to == units.size() ? to : begin(units, from, to);
    }
    if (runs.size() > 1 && runs.getLast().tokens(units) < sizes.min()) {
      runs.removeLast();
      runs.add(new Run(runs.removeLast().from(), units.size()));
    }
    return runs;
  }

  /// Returns the unit before which a chunk ends.
  private int end(List<Unit> units, int from) {
    int size = units.get(from).tokens();
    int to = from + 1;
    while (to < units.size() && size < sizes.target()) {
      var next = units.get(to);
      boolean breaksParagraph =
          next.paragraph() > 0
              && size >= sizes.target() / 2
              && size + next.paragraph() > sizes.max();
      if (size + next.tokens() > sizes.max() || breaksParagraph) {
        break;
      }
      size += next.tokens();
      to++;
    }
    return to;
  }

  /// Returns the unit that the chunk after a chunk begins with.
  private int begin(List<Unit> units, int from, int to) {
    int begin = to;
    int overlap = 0;
    while (begin - 1 > from) {
      var before = units.get(begin - 1);
      if (before.whole() || overlap + before.tokens() > sizes.overlap()) {
        break;
      }
      overlap += before.tokens();
      begin--;
    }
    return overlap + units.get(to).tokens() > sizes.max() ? to : begin;
  }

  private static String id(String document, Section section, int place, String text) {
    try {
      var digest = MessageDigest.getInstance("SHA-256");
      add(digest, document);
      add(digest, section.slug());
      section.headings().forEach(heading -> add(digest, heading));
      add(digest, Integer.toString(place));
      add(digest, text);
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java platform has SHA-256", e);
    }
  }

  private static void add(MessageDigest digest, String part) {
    var bytes = part.getBytes(UTF_8);
    digest.update(ByteBuffer.allocate(4).putInt(bytes.length).array());
    digest.update(bytes);
  }
}
