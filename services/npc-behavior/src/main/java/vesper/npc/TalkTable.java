package vesper.npc;

import static java.util.stream.Collectors.toUnmodifiableSet;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;
import org.jdbi.v3.core.Handle;
import vesper.npc.Conversation.End;
import vesper.npc.Conversation.Pair;
import vesper.npc.Origin.Ending;
import vesper.npc.Turn.Feeling;
import vesper.npc.Turn.Manner;

/// Conversations and turns in PostgreSQL, and which answers are under way.
final class TalkTable {

  private static final int RECENT_TURNS = 5;
  private static final String COLUMNS =
      """
      t.conversation_id, t.turn, t.utterance, t.answer, t.lines, t.notes, t.intent, t.feeling, t.intensity,
      t.memories, t.decision_id, t.game_seconds, t.said_at, t.first_text_micros, t.over, t.path, t.degraded,
      t.ending, t.passages, t.input_tokens, t.output_tokens, t.deeds, t.refusals\
      """;

  private TalkTable() {}

  /// A turn as it was stored.
  ///
  /// @param conversation id of its conversation
  /// @param firstTextMicros real time to the first words
  record Stored(String conversation, Turn turn, long firstTextMicros) {}

  /// A turn that was asked for with an idempotency key.
  record Keyed(Stored stored, String requestHash) {}

  /// A turn that is under way.
  record Running(Optional<String> key, String requestHash) {}

  static Optional<Keyed> findByKey(Handle handle, String player, String key) {
    return handle
        .createQuery(
            "select "
                + COLUMNS
                + ", t.request_hash from npc.turn t"
                + " where t.player_id = :player and t.idempotency_key = :key")
        .bind("player", player)
        .bind("key", key)
        .map((row, _) -> new Keyed(stored(row), row.getString("request_hash")))
        .findOne();
  }

  /// Takes the place of the one running answer of a pair; false when another has it.
  ///
  /// @param lasting how long it is kept for this one, by the clock of the database
  static boolean claim(Handle handle, Pair pair, Claim claim, Duration lasting) {
    return handle
            .createUpdate(
                """
                insert into npc.running_turn as running
                  (world_id, npc_id, player_id, holder, idempotency_key, request_hash, expires_at)
                values (:world, :npc, :player, :holder, :key, :hash,
                  clock_timestamp() + :millis * interval '1 ms')
                on conflict (world_id, npc_id, player_id) do update
                set holder = excluded.holder, idempotency_key = excluded.idempotency_key,
                  request_hash = excluded.request_hash, expires_at = excluded.expires_at
                where running.expires_at <= clock_timestamp()\
                """)
            .bindMap(pairOf(pair))
            .bind("holder", UUID.fromString(claim.holder()))
            .bind("key", claim.key().orElse(null))
            .bind("hash", claim.requestHash())
            .bind("millis", lasting.toMillis())
            .execute()
        == 1;
  }

  static Optional<Running> findRunning(Handle handle, Pair pair) {
    return handle
        .createQuery(
            """
            select idempotency_key, request_hash from npc.running_turn
            where world_id = :world and npc_id = :npc and player_id = :player\
            """)
        .bindMap(pairOf(pair))
        .map((row, _) ->
            new Running(
                Optional.ofNullable(row.getString("idempotency_key")),
                row.getString("request_hash")))
        .findOne();
  }

  /// Puts off the end of claims, as far as they are still held.
  static void renew(Handle handle, Collection<String> holders, Duration lasting) {
    handle
        .createUpdate(
            """
            update npc.running_turn set expires_at = clock_timestamp() + :millis * interval '1 ms'
            where holder = any (:holders)\
            """)
        .bind("millis", lasting.toMillis())
        .bindArray("holders", UUID.class, holders.stream().map(UUID::fromString).toArray())
        .execute();
  }

  /// Gives the place back; false when it was not held any more.
  static boolean release(Handle handle, Pair pair, String holder) {
    return handle
            .createUpdate(
                """
                delete from npc.running_turn
                where world_id = :world and npc_id = :npc and player_id = :player and holder = :holder\
                """)
            .bindMap(pairOf(pair))
            .bind("holder", UUID.fromString(holder))
            .execute()
        == 1;
  }

  /// Returns when a player said something since a moment, oldest first.
  static List<Instant> saidSince(Handle handle, String player, Instant since) {
    return handle
        .createQuery(
            """
            select said_at from npc.turn where player_id = :player and said_at > :since
            order by said_at limit 1000\
            """)
        .bind("player", player)
        .bind("since", time(since))
        .map((row, _) -> instant(row, "said_at"))
        .list();
  }

  static Optional<Conversation> find(Handle handle, String conversation) {
    return find(handle, conversation, "");
  }

  /// Finds a conversation and keeps others from changing it until the transaction ends.
  static Optional<Conversation> findToChange(Handle handle, String conversation) {
    return find(handle, conversation, " for update");
  }

  private static Optional<Conversation> find(Handle handle, String conversation, String lock) {
    return handle
        .createQuery("select * from npc.conversation where conversation_id = :id" + lock)
        .bind("id", UUID.fromString(conversation))
        .map((row, _) -> conversation(row))
        .findOne();
  }

  static Optional<Conversation> findOpen(Handle handle, Pair pair) {
    return handle
        .createQuery(
            """
            select * from npc.conversation
            where world_id = :world and npc_id = :npc and player_id = :player and ended_at is null
            for update\
            """)
        .bindMap(pairOf(pair))
        .map((row, _) -> conversation(row))
        .findOne();
  }

  /// Finds open conversations in which nothing was said since a moment and nothing is being
  /// answered, and that nobody else is changing.
  static List<Conversation> findSilent(Handle handle, Instant since, int most) {
    return handle
        .createQuery(
            """
            select * from npc.conversation c
            where ended_at is null and last_turn_at < :since
              and not exists (select from npc.running_turn r
                where r.world_id = c.world_id and r.npc_id = c.npc_id and r.player_id = c.player_id
                  and r.expires_at > clock_timestamp())
            order by last_turn_at limit :most for update skip locked\
            """)
        .bind("since", time(since))
        .bind("most", most)
        .map((row, _) -> conversation(row))
        .list();
  }

  static boolean hasOther(Handle handle, Pair pair, String conversation) {
    return handle
        .createQuery(
            """
            select exists (select from npc.conversation
              where world_id = :world and npc_id = :npc and player_id = :player
                and conversation_id <> :id)\
            """)
        .bindMap(pairOf(pair))
        .bind("id", UUID.fromString(conversation))
        .mapTo(Boolean.class)
        .one();
  }

  static List<Stored> turns(Handle handle, String conversation) {
    return handle
        .createQuery(
            "select " + COLUMNS + " from npc.turn t where t.conversation_id = :id order by t.turn")
        .bind("id", UUID.fromString(conversation))
        .map((row, _) -> stored(row))
        .list();
  }

  /// Returns ids of what a person said in its last answers to a player.
  static Set<String> recentLines(Handle handle, Pair pair) {
    return handle
        .createQuery(
            """
            select lines from npc.turn
            where world_id = :world and npc_id = :npc and player_id = :player
            order by said_at desc, turn desc limit :most\
            """)
        .bindMap(pairOf(pair))
        .bind("most", RECENT_TURNS)
        .map((row, _) -> texts(row, "lines"))
        .list()
        .stream()
        .flatMap(List::stream)
        .collect(toUnmodifiableSet());
  }

  /// Writes a conversation; false when it has ended meanwhile.
  static boolean put(Handle handle, Conversation conversation) {
    var moved = conversation.moved();
    return handle
            .createUpdate(
                """
                insert into npc.conversation (conversation_id, world_id, npc_id, player_id, started_at,
                  last_turn_at, turns, trust, affection, respect, fear, subject, ended_at, summary)
                values (:id, :world, :npc, :player, :startedAt, :lastTurnAt, :turns, :trust, :affection, :respect,
                  :fear, :subject, :endedAt, :summary)
                on conflict (conversation_id) do update
                set last_turn_at = excluded.last_turn_at, turns = excluded.turns, trust = excluded.trust,
                  affection = excluded.affection, respect = excluded.respect, fear = excluded.fear,
                  subject = excluded.subject, ended_at = excluded.ended_at, summary = excluded.summary
                where npc.conversation.ended_at is null\
                """)
            .bind("id", UUID.fromString(conversation.id()))
            .bindMap(pairOf(conversation.pair()))
            .bind("startedAt", time(conversation.startedAt()))
            .bind("lastTurnAt", time(conversation.lastTurnAt()))
            .bind("turns", conversation.turns())
            .bind("trust", moved.trust())
            .bind("affection", moved.affection())
            .bind("respect", moved.respect())
            .bind("fear", moved.fear())
            .bind("subject", conversation.subject().orElse(null))
            .bind("endedAt", conversation.end().map(end -> time(end.at())).orElse(null))
            .bind("summary", conversation.end().map(End::summary).orElse(null))
            .execute()
        == 1;
  }

  /// Adds a turn; false when one of the same player has its key by now.
  static boolean add(Handle handle, Pair pair, Stored stored, Claim claim) {
    var turn = stored.turn();
    var manner = turn.manner();
    var origin = turn.origin();
    return handle
            .createUpdate(
                """
                insert into npc.turn (conversation_id, turn, world_id, npc_id, player_id, utterance, answer, lines,
                  notes, intent, feeling, intensity, memories, decision_id, game_seconds, said_at,
                  first_text_micros, over, path, degraded, ending, passages, input_tokens, output_tokens, deeds,
                  refusals, idempotency_key, request_hash)
                values (:id, :turn, :world, :npc, :player, :utterance, :answer, :lines, :notes, :intent, :feeling,
                  :intensity, :memories, :decision, :gameSeconds, :saidAt, :micros, :over, :path, :degraded,
                  :ending, :passages, :inputTokens, :outputTokens, :deeds, :refusals, :key, :hash)
                on conflict (player_id, idempotency_key) where idempotency_key is not null do nothing\
                """)
            .bind("id", UUID.fromString(stored.conversation()))
            .bind("turn", turn.number())
            .bindMap(pairOf(pair))
            .bind("utterance", turn.utterance())
            .bind("answer", turn.answer())
            .bindArray("lines", String.class, turn.lines())
            .bindArray("notes", String.class, turn.notes())
            .bind("intent", manner.intent())
            .bind("feeling", manner.feeling().map(Feeling::kind).orElse(null))
            .bind("intensity", manner.feeling().map(Feeling::intensity).orElse(null))
            .bind("memories", manner.memories())
            .bind("decision", UUID.fromString(turn.decision()))
            .bind("gameSeconds", turn.gameSeconds())
            .bind("saidAt", time(turn.saidAt()))
            .bind("micros", stored.firstTextMicros())
            .bind("over", turn.over())
            .bind("path", AnswerColumns.word(origin.path()))
            .bind("degraded", AnswerColumns.word(origin.degraded()))
            .bind("ending", origin.ending().name())
            .bind("passages", origin.passages())
            .bind("inputTokens", origin.inputTokens())
            .bind("outputTokens", origin.outputTokens())
            .bindArray("deeds", String.class, manner.deeds().stream().map(Deed::kind).toList())
            .bindArray(
                "refusals",
                String.class,
                manner.deeds().stream().map(deed -> deed.refused().orElse("")).toList())
            .bind("key", claim.key().orElse(null))
            .bind("hash", claim.key().isPresent() ? claim.requestHash() : null)
            .execute()
        == 1;
  }

  private static Conversation conversation(ResultSet row) throws SQLException {
    var endedAt = row.getObject("ended_at", OffsetDateTime.class);
    return new Conversation(
        row.getString("conversation_id"),
        new Pair(row.getString("world_id"), row.getString("npc_id"), row.getString("player_id")),
        instant(row, "started_at"),
        instant(row, "last_turn_at"),
        endedAt == null
            ? Optional.empty()
            : Optional.of(new End(endedAt.toInstant(), row.getString("summary"))),
        row.getInt("turns"),
        RelationTable.feelings(row),
        Optional.ofNullable(row.getString("subject")));
  }

  private static Stored stored(ResultSet row) throws SQLException {
    var feeling = row.getString("feeling");
    var turn =
        new Turn(
            row.getInt("turn"),
            row.getString("utterance"),
            row.getString("answer"),
            texts(row, "lines"),
            texts(row, "notes"),
            new Manner(
                row.getString("intent"),
                feeling == null
                    ? Optional.empty()
                    : Optional.of(new Feeling(feeling, row.getDouble("intensity"))),
                deeds(row),
                row.getInt("memories")),
            row.getString("decision_id"),
            row.getLong("game_seconds"),
            instant(row, "said_at"),
            row.getBoolean("over"),
            new Origin(
                AnswerColumns.path(row.getString("path")),
                AnswerColumns.reason(row.getString("degraded")),
                Ending.valueOf(row.getString("ending")),
                row.getInt("passages"),
                row.getInt("input_tokens"),
                row.getInt("output_tokens"),
                List.of()));
    return new Stored(row.getString("conversation_id"), turn, row.getLong("first_text_micros"));
  }

  private static List<Deed> deeds(ResultSet row) throws SQLException {
    var kinds = texts(row, "deeds");
    var refusals = texts(row, "refusals");
    return IntStream.range(0, kinds.size())
        .mapToObj(i ->
            refusals.get(i).isEmpty()
                ? Deed.done(kinds.get(i))
                : Deed.refused(kinds.get(i), refusals.get(i)))
        .toList();
  }

  private static List<String> texts(ResultSet row, String column) throws SQLException {
    return Arrays.asList((String[]) row.getArray(column).getArray());
  }

  static Map<String, String> pairOf(Pair pair) {
    return Map.of("world", pair.world(), "npc", pair.npc(), "player", pair.player());
  }

  static OffsetDateTime time(Instant instant) {
    return instant.atOffset(ZoneOffset.UTC);
  }

  private static Instant instant(ResultSet row, String column) throws SQLException {
    return row.getObject(column, OffsetDateTime.class).toInstant();
  }
}
