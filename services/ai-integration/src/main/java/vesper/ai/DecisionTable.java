package vesper.ai;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.ProtocolMessageEnum;
import com.google.protobuf.util.Durations;
import com.google.protobuf.util.Timestamps;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jdbi.v3.core.statement.Query;
import vesper.ai.v1.AnswerPath;
import vesper.ai.v1.Decision;
import vesper.ai.v1.ListDecisionsRequest;

/// Records in PostgreSQL.
final class DecisionTable {
  private static final String JOINED =
      """
      from ai.decision d left join ai.decision_body b on b.decision_id = d.decision_id\
      """;

  private DecisionTable() {}

  /// A record and its place among those of a replica.
  record Row(String replica, long seq, Decision decision) {}

  /// Adds records; those whose id is known already are left as they are.
  static void insert(Handle handle, List<Row> rows) {
    PreparedBatch decisions =
        handle.prepareBatch(
            """
            insert into ai.decision (decision_id, replica_id, seq, status, world_id, use_case, player_id,
              npc_id, conversation_id, request_id, caller, path, tier, reason, finish, model, endpoint_id,
              input_tokens, cached_tokens, output_tokens, first_text_micros, total_micros, created_at, detail)
            values (:id, :replica, :seq, :status, :world, :useCase, :player, :npc, :conversation, :request,
              :caller, :path, :tier, :reason, :finish, :model, :endpoint, :input, :cached, :output,
              :firstText, :total, :created, :detail)
            on conflict do nothing\
            """);
    PreparedBatch bodies =
        handle.prepareBatch(
            """
            insert into ai.decision_body (decision_id, created_at, output, body)
            select :id, :created, :output, :body from ai.decision
            where decision_id = :id and replica_id = :replica and seq = :seq
            on conflict do nothing\
            """);
    for (Row row : rows) {
      bind(decisions, row);
      Decision decision = row.decision();
      bodies
          .bind("id", UUID.fromString(decision.getDecisionId()))
          .bind("replica", row.replica())
          .bind("seq", row.seq())
          .bind("created", created(decision))
          .bind("output", plain(decision.getOutput()))
          .bind("body", body(decision).toByteArray())
          .add();
    }
    decisions.execute();
    bodies.execute();
  }

  static Optional<Decision> find(Handle handle, UUID id) {
    return handle
        .createQuery("select d.detail, b.output, b.body " + JOINED + " where d.decision_id = :id")
        .bind("id", id)
        .map((row, _) -> decision(row, true))
        .findOne();
  }

  /// Lists records, newest first.
  static List<Decision> list(
      Handle handle, ListDecisionsRequest filter, Optional<RecordPlace> after, int limit) {
    List<String> where = new ArrayList<>();
    where.add("true");
    addIf(where, !filter.getWorldId().isEmpty(), "d.world_id = :world");
    addIf(where, !filter.getPlayerId().isEmpty(), "d.player_id = :player");
    addIf(where, !filter.getNpcId().isEmpty(), "d.npc_id = :npc");
    addIf(where, !filter.getConversationId().isEmpty(), "d.conversation_id = :conversation");
    addIf(where, filter.getPath() != AnswerPath.ANSWER_PATH_UNSPECIFIED, "d.path = :path");
    addIf(where, after.isPresent(), "(d.created_at, d.decision_id) < (:at, :id)");
    Query query =
        handle.createQuery(
            "select d.detail, b.output, null::bytea as body "
                + JOINED
                + " where "
                + String.join(" and ", where)
                + " order by d.created_at desc, d.decision_id desc limit :limit");
    bindIf(query, "world", filter.getWorldId());
    bindIf(query, "player", filter.getPlayerId());
    bindIf(query, "npc", filter.getNpcId());
    bindIf(query, "conversation", filter.getConversationId());
    if (filter.getPath() != AnswerPath.ANSWER_PATH_UNSPECIFIED) {
      query.bind("path", name(filter.getPath()));
    }
    after.ifPresent(place ->
        query
            .bind(
                "at",
                Instant.EPOCH.plus(place.micros(), ChronoUnit.MICROS).atOffset(ZoneOffset.UTC))
            .bind("id", place.decision()));
    return query.bind("limit", limit).map((row, _) -> decision(row, false)).list();
  }

  /// Deletes some of the words older than a moment, and returns how many.
  static int forgetBodies(Handle handle, Instant before, int most) {
    return handle
        .createUpdate(
            """
            delete from ai.decision_body where decision_id in
              (select decision_id from ai.decision_body where created_at < :before
               order by created_at limit :most)\
            """)
        .bind("before", before.atOffset(ZoneOffset.UTC))
        .bind("most", most)
        .execute();
  }

  /// Deletes some of the records older than a moment, and returns how many.
  static int forget(Handle handle, Instant before, int most) {
    return handle
        .createUpdate(
            """
            delete from ai.decision where decision_id in
              (select decision_id from ai.decision where created_at < :before
               order by created_at limit :most)\
            """)
        .bind("before", before.atOffset(ZoneOffset.UTC))
        .bind("most", most)
        .execute();
  }

  private static void bind(PreparedBatch batch, Row row) {
    Decision decision = row.decision();
    var timings = decision.getTimings();
    batch
        .bind("id", UUID.fromString(decision.getDecisionId()))
        .bind("replica", row.replica())
        .bind("seq", row.seq())
        .bind("status", name(decision.getStatus()))
        .bind("world", plain(decision.getWorldId()))
        .bind("useCase", plain(decision.getUseCase()))
        .bind("player", plain(decision.getPlayerId()))
        .bind("npc", plain(decision.getNpcId()))
        .bind("conversation", plain(decision.getConversationId()))
        .bind("request", plain(decision.getRequestId()))
        .bind("caller", plain(decision.getCaller()))
        .bind("path", name(decision.getPath()))
        .bind("tier", name(decision.getTier()))
        .bind("reason", name(decision.getReason()))
        .bind("finish", name(decision.getFinish()))
        .bind("model", plain(decision.getModel()))
        .bind("endpoint", plain(decision.getEndpointId()))
        .bind("input", decision.getUsage().getInputTokens())
        .bind("cached", decision.getUsage().getCachedTokens())
        .bind("output", decision.getUsage().getOutputTokens())
        .bind(
            "firstText",
            timings.hasFirstText()
                ? Long.valueOf(Durations.toMicros(timings.getFirstText()))
                : null)
        .bind("total", Durations.toMicros(timings.getTotal()))
        .bind("created", created(decision))
        .bind(
            "detail",
            decision.toBuilder().clearOutput().clearSections().clearActions().build().toByteArray())
        .add();
  }

  private static Decision body(Decision decision) {
    return Decision.newBuilder()
        .addAllSections(decision.getSectionsList())
        .addAllActions(decision.getActionsList())
        .build();
  }

  private static Decision decision(ResultSet row, boolean whole) throws SQLException {
    try {
      Decision.Builder decision = Decision.parseFrom(row.getBytes("detail")).toBuilder();
      String output = row.getString("output");
      if (output != null) {
        decision.setOutput(output);
      }
      byte[] body = row.getBytes("body");
      if (body != null) {
        decision.mergeFrom(body);
      }
      return whole ? decision.build() : decision.clearAttempts().build();
    } catch (InvalidProtocolBufferException e) {
      throw new SQLException("A stored record cannot be read", e);
    }
  }

  /// The word after the enum's own prefix; `UNSPECIFIED` for what is not set.
  private static String name(ProtocolMessageEnum value) {
    var descriptor = value.getValueDescriptor();
    String prefix =
        descriptor.getType().getValues().getFirst().getName().replace("UNSPECIFIED", "");
    return descriptor.getName().substring(prefix.length());
  }

  /// PostgreSQL's texts hold no zero character.
  private static String plain(String text) {
    return text.replace("\0", "");
  }

  private static OffsetDateTime created(Decision decision) {
    return Instant.ofEpochMilli(Timestamps.toMillis(decision.getCreatedAt()))
        .atOffset(ZoneOffset.UTC);
  }

  private static void addIf(List<String> where, boolean given, String condition) {
    if (given) {
      where.add(condition);
    }
  }

  private static void bindIf(Query query, String name, String value) {
    if (!value.isEmpty()) {
      query.bind(name, plain(value));
    }
  }
}
