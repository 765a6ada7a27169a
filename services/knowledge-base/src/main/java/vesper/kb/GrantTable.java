package vesper.kb;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jdbi.v3.core.Handle;

/// Who has learned which sections, in PostgreSQL.
final class GrantTable {

  private GrantTable() {}

  /// Somebody and a section.
  record Lesson(String world, Subject subject, String section) {

    private Map<String, ?> columns() {
      return Map.of(
          "world", world, "kind", subject.kind().name(), "id", subject.id(), "section", section);
    }
  }

  /// Returns the ids of the sections that each of some has learned; nothing for one who has none.
  static Map<Subject, Set<String>> learned(Handle handle, String world, List<Subject> subjects) {
    Map<Subject, Set<String>> learned = new HashMap<>();
    handle
        .createQuery(
            """
            select subject_kind, subject_id, section_id from kb.knowledge_grant
            where world_id = :world
              and (subject_kind, subject_id) in (select * from unnest(:kinds, :ids))\
            """)
        .bind("world", world)
        .bindArray(
            "kinds", String.class, subjects.stream().map(each -> each.kind().name()).toList())
        .bindArray("ids", String.class, subjects.stream().map(Subject::id).toList())
        .map((row, _) ->
            Map.entry(
                new Subject(
                    Subject.Kind.valueOf(row.getString("subject_kind")),
                    row.getString("subject_id")),
                row.getString("section_id")))
        .forEach(lesson ->
            learned.computeIfAbsent(lesson.getKey(), _ -> new HashSet<>()).add(lesson.getValue()));
    return learned;
  }

  /// Notes that somebody has learned something, unless they have before, and returns who told it
  /// first.
  static String put(Handle handle, Lesson lesson, String fromWhom, Instant now) {
    handle
        .createUpdate(
            """
            insert into kb.knowledge_grant (world_id, subject_kind, subject_id, section_id, from_whom, learned_at)
            values (:world, :kind, :id, :section, :from, :now)
            on conflict do nothing\
            """)
        .bindMap(lesson.columns())
        .bind("from", fromWhom)
        .bind("now", OffsetDateTime.ofInstant(now, ZoneOffset.UTC))
        .execute();
    return handle
        .createQuery(
            """
            select from_whom from kb.knowledge_grant
            where world_id = :world and subject_kind = :kind and subject_id = :id and section_id = :section\
            """)
        .bindMap(lesson.columns())
        .mapTo(String.class)
        .one();
  }

  /// Makes somebody forget something; false when there was nothing to forget.
  static boolean remove(Handle handle, Lesson lesson) {
    return handle
            .createUpdate(
                """
                delete from kb.knowledge_grant
                where world_id = :world and subject_kind = :kind and subject_id = :id and section_id = :section\
                """)
            .bindMap(lesson.columns())
            .execute()
        > 0;
  }
}
