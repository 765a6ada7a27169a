package vesper.kb;

import java.nio.ByteBuffer;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.SqlStatement;
import vesper.kb.Chapter.Standing;
import vesper.retrieval.Audience;
import vesper.retrieval.Chunk;
import vesper.retrieval.UnitVector;

/// The documents of worlds in PostgreSQL.
final class VolumeTable {

  private VolumeTable() {}

  /// The documents of a world and the vectors of their passages, as they were at one moment.
  ///
  /// @param version higher after each change
  /// @param vectors by chunk id, where they are made
  record Stored(long version, List<Volume> volumes, Map<String, Meant> vectors) {}

  /// Returns the version of a world's documents; 0 before the first.
  static long version(Handle handle, String world) {
    return handle
        .createQuery("select version from kb.library where world_id = :world")
        .bind("world", world)
        .mapTo(Long.class)
        .findOne()
        .orElse(0L);
  }

  /// Says that documents or vectors of a world have changed. Until the transaction ends no other
  /// can say so.
  static void raise(Handle handle, String world) {
    handle
        .createUpdate(
            """
            insert into kb.library (world_id, version) values (:world, 1)
            on conflict (world_id) do update set version = kb.library.version + 1\
            """)
        .bind("world", world)
        .execute();
  }

  /// Makes the documents of a world be these and no others, and returns how many changed. Passages
  /// whose words stay keep their vectors. Others who do the same wait until the transaction ends.
  ///
  /// @param cutBy rules by which the volumes were taken apart
  static int replaceAll(Handle handle, String world, List<Volume> volumes, String cutBy) {
    handle
        .createQuery("select pg_advisory_xact_lock(hashtextextended(:key, 0))")
        .bind("key", "kb.library/" + world)
        .map((_, _) -> true)
        .one();
    var gone = marks(handle, world);
    List<Volume> changed = new ArrayList<>();
    for (var volume : volumes) {
      if (!mark(volume.sha256(), cutBy).equals(gone.remove(volume.id()))) {
        changed.add(volume);
      }
    }
    if (changed.isEmpty() && gone.isEmpty() && version(handle, world) > 0) {
      return 0;
    }
    raise(handle, world);
    gone.keySet().forEach(id -> delete(handle, world, id));
    for (var volume : changed) {
      var vectors = vectors(handle, world, volume.id());
      delete(handle, world, volume.id());
      insert(handle, world, volume, cutBy, vectors);
    }
    return gone.size() + changed.size();
  }

  private static String mark(String sha256, String cutBy) {
    return sha256 + " " + cutBy;
  }

  private static Map<String, String> marks(Handle handle, String world) {
    Map<String, String> marks = new HashMap<>();
    handle
        .createQuery("select document_id, sha256, cut_by from kb.document where world_id = :world")
        .bind("world", world)
        .map((row, _) ->
            marks.put(
                row.getString("document_id"),
                mark(row.getString("sha256"), row.getString("cut_by"))))
        .list();
    return marks;
  }

  private static void delete(Handle handle, String world, String document) {
    handle
        .createUpdate("delete from kb.document where world_id = :world and document_id = :document")
        .bind("world", world)
        .bind("document", document)
        .execute();
  }

  private static void insert(
      Handle handle, String world, Volume volume, String cutBy, Map<String, Meant> vectors) {
    handle
        .createUpdate(
            """
            insert into kb.document (world_id, document_id, title, tags, sha256, cut_by)
            values (:world, :document, :title, :tags, :sha256, :cutBy)\
            """)
        .bind("world", world)
        .bind("document", volume.id())
        .bind("title", volume.title())
        .bindArray("tags", String.class, volume.tags())
        .bind("sha256", volume.sha256())
        .bind("cutBy", cutBy)
        .execute();
    int place = 0;
    for (var chapter : volume.chapters()) {
      insert(handle, world, volume.id(), place++, chapter);
      insertChunks(handle, world, chapter, vectors);
    }
  }

  private static void insert(
      Handle handle, String world, String document, int place, Chapter chapter) {
    handle
        .createUpdate(
            """
            insert into kb.section (world_id, section_id, document_id, place, headings, text, certainty, audience, terms)
            values (:world, :section, :document, :place, :headings, :text, :certainty, :audience, :terms)\
            """)
        .bind("world", world)
        .bind("section", chapter.id())
        .bind("document", document)
        .bind("place", place)
        .bindArray("headings", String.class, chapter.headings())
        .bind("text", chapter.text())
        .bind("certainty", chapter.standing().certainty().name())
        .bindArray("audience", String.class, clauses(chapter.standing().audience()))
        .bindArray("terms", String.class, chapter.terms())
        .execute();
  }

  private static void insertChunks(
      Handle handle, String world, Chapter chapter, Map<String, Meant> vectors) {
    if (chapter.chunks().isEmpty()) {
      return;
    }
    var insert =
        handle.prepareBatch(
            """
            insert into kb.chunk (world_id, chunk_id, section_id, place, first_character, end_character, tokens,
              embedding, embedding_space)
            values (:world, :chunk, :section, :place, :first, :end, :tokens, :embedding, :space)\
            """);
    int place = 0;
    for (var chunk : chapter.chunks()) {
      insert
          .bind("world", world)
          .bind("chunk", chunk.id())
          .bind("section", chapter.id())
          .bind("place", place++)
          .bind("first", chunk.start())
          .bind("end", chunk.end())
          .bind("tokens", chunk.tokens());
      bindVector(insert, Optional.ofNullable(vectors.get(chunk.id())));
      insert.add();
    }
    insert.execute();
  }

  private static void bindVector(SqlStatement<?> statement, Optional<Meant> meant) {
    statement
        .bind("embedding", meant.map(m -> bytes(m.vector())).orElse(null))
        .bind("space", meant.map(Meant::space).orElse(null));
  }

  /// Keeps what passages mean, as far as they still exist, and returns how many rows changed.
  static int putVectors(Handle handle, String world, Map<String, Meant> vectors) {
    var update =
        handle.prepareBatch(
            """
            update kb.chunk set embedding = :embedding, embedding_space = :space
            where world_id = :world and chunk_id = :chunk and embedding_space is distinct from :space\
            """);
    vectors.forEach((chunk, meant) -> {
      update.bind("world", world).bind("chunk", chunk);
      bindVector(update, Optional.of(meant));
      update.add();
    });
    return vectors.isEmpty() ? 0 : IntStream.of(update.execute()).sum();
  }

  /// Returns those of some passages whose vectors are still to be made.
  ///
  /// @param space in which vectors are wanted; empty for any
  static Set<String> withoutVector(
      Handle handle, String world, List<String> chunks, Optional<String> space) {
    return Set.copyOf(
        handle
            .createQuery(
                """
                select chunk_id from kb.chunk
                where world_id = :world and chunk_id = any(:chunks)
                  and (embedding is null or embedding_space <> coalesce(:space, embedding_space))\
                """)
            .bind("world", world)
            .bindArray("chunks", String.class, chunks)
            .bind("space", space.orElse(null))
            .mapTo(String.class)
            .list());
  }

  private static Map<String, Meant> vectors(Handle handle, String world, String document) {
    Map<String, Meant> vectors = new HashMap<>();
    handle
        .createQuery(
            """
            select c.chunk_id, c.embedding, c.embedding_space
            from kb.chunk c join kb.section s using (world_id, section_id)
            where s.world_id = :world and s.document_id = :document and c.embedding is not null\
            """)
        .bind("world", world)
        .bind("document", document)
        .map((row, _) -> vectors.put(row.getString("chunk_id"), meant(row)))
        .list();
    return vectors;
  }

  /// Reads all documents of a world. Must be the first thing its transaction does.
  static Stored read(Handle handle, String world) {
    handle.execute("set transaction isolation level repeatable read");
    long version = version(handle, world);
    Map<String, Meant> vectors = new HashMap<>();
    var chunks = chunks(handle, world, vectors);
    var chapters = chapters(handle, world, chunks);
    var volumes =
        handle
            .createQuery(
                "select * from kb.document where world_id = :world order by document_id collate \"C\"")
            .bind("world", world)
            .map((row, _) ->
                new Volume(
                    row.getString("document_id"),
                    row.getString("title"),
                    texts(row, "tags"),
                    row.getString("sha256"),
                    chapters.getOrDefault(row.getString("document_id"), List.of())))
            .list();
    return new Stored(version, volumes, vectors);
  }

  /// A passage without its words, which the section has.
  private record Cut(String id, int first, int end, int tokens) {
    Chunk of(List<String> headings, String text) {
      return new Chunk(id, headings, first, end, text.substring(first, end), tokens);
    }
  }

  private static Map<String, List<Cut>> chunks(
      Handle handle, String world, Map<String, Meant> vectors) {
    Map<String, List<Cut>> chunks = new HashMap<>();
    handle
        .createQuery("select * from kb.chunk where world_id = :world order by section_id, place")
        .bind("world", world)
        .map((row, _) -> {
          var id = row.getString("chunk_id");
          var cut =
              new Cut(
                  id,
                  row.getInt("first_character"),
                  row.getInt("end_character"),
                  row.getInt("tokens"));
          if (row.getString("embedding_space") != null) {
            vectors.put(id, meant(row));
          }
          return chunks
              .computeIfAbsent(row.getString("section_id"), _ -> new ArrayList<>())
              .add(cut);
        })
        .list();
    return chunks;
  }

  private static Map<String, List<Chapter>> chapters(
      Handle handle, String world, Map<String, List<Cut>> chunks) {
    Map<String, List<Chapter>> chapters = new LinkedHashMap<>();
    handle
        .createQuery("select * from kb.section where world_id = :world order by document_id, place")
        .bind("world", world)
        .map((row, _) ->
            chapters
                .computeIfAbsent(row.getString("document_id"), _ -> new ArrayList<>())
                .add(chapter(row, chunks)))
        .list();
    return chapters;
  }

  private static Chapter chapter(ResultSet row, Map<String, List<Cut>> chunks) throws SQLException {
    var id = row.getString("section_id");
    var headings = texts(row, "headings");
    var text = row.getString("text");
    var audience =
        new Audience(
            texts(row, "audience").stream().map(clause -> Set.of(clause.split("\n"))).toList());
    return new Chapter(
        id,
        headings,
        text,
        new Standing(Certainty.valueOf(row.getString("certainty")), audience),
        texts(row, "terms"),
        chunks.getOrDefault(id, List.of()).stream().map(cut -> cut.of(headings, text)).toList());
  }

  private static List<String> clauses(Audience audience) {
    return audience.clauses().stream()
        .map(clause -> String.join("\n", clause.stream().sorted().toList()))
        .toList();
  }

  private static List<String> texts(ResultSet row, String column) throws SQLException {
    return List.of((String[]) row.getArray(column).getArray());
  }

  private static byte[] bytes(UnitVector vector) {
    var values = vector.toArray();
    var bytes = ByteBuffer.allocate(values.length * Float.BYTES);
    bytes.asFloatBuffer().put(values);
    return bytes.array();
  }

  private static Meant meant(ResultSet row) throws SQLException {
    var bytes = ByteBuffer.wrap(row.getBytes("embedding")).asFloatBuffer();
    var values = new float[bytes.remaining()];
    bytes.get(values);
    return new Meant(row.getString("embedding_space"), UnitVector.of(values).orElseThrow());
  }
}
