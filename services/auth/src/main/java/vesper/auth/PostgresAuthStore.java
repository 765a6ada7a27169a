package vesper.auth;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import vesper.runtime.Database;
import vesper.runtime.Outbox;

/// [AuthStore] in the schema `auth`.
final class PostgresAuthStore implements AuthStore {
  private static final String NO_WORLD = "_";

  private static final String ACCOUNT =
      """
      a.id account_id, a.kind, a.status, a.roles, a.worlds, a.age_band, a.token_epoch, a.created_at, a.version
      """;

  private final Database database;
  private final Outbox outbox;

  PostgresAuthStore(Database database, Outbox outbox) {
    this.database = database;
    this.outbox = outbox;
  }

  @Override
  public Optional<Identified> findIdentity(Credential credential) {
    return database.read(
        "identity.find",
        handle ->
            handle
                .createQuery(
                    "select i.secret_hash, "
                        + ACCOUNT
                        + """
                        from auth.identity i join auth.account a on a.id = i.account_id
                        where i.provider = :provider and i.external_id = :externalId
                        """)
                .bind("provider", credential.provider())
                .bind("externalId", credential.externalId())
                .map((row, _) -> new Identified(account(row), row.getString("secret_hash")))
                .findOne());
  }

  @Override
  public boolean register(
      Account account, Credential credential, String secretHash, Session session) {
    return database.write(
        "account.register",
        handle -> {
          boolean free =
              handle
                      .createUpdate(
                          """
                          insert into auth.identity (provider, external_id, account_id, secret_hash, created_at)
                          values (:provider, :externalId, :accountId, :secretHash, :createdAt)
                          on conflict do nothing
                          """)
                      .bind("provider", credential.provider())
                      .bind("externalId", credential.externalId())
                      .bind("accountId", account.id().value())
                      .bind("secretHash", secretHash)
                      .bind("createdAt", account.createdAt())
                      .execute()
                  == 1;
          if (free) {
            insert(handle, account);
            insert(handle, session);
            outbox.publish(handle, AuthMessages.accountCreated(account), NO_WORLD);
            outbox.publish(handle, AuthMessages.sessionStarted(session), NO_WORLD);
          }
          return free;
        });
  }

  @Override
  public void open(Session session) {
    database.run(
        "session.open",
        handle -> {
          insert(handle, session);
          outbox.publish(handle, AuthMessages.sessionStarted(session), NO_WORLD);
        });
  }

  @Override
  public Optional<Held> findSession(SessionId id) {
    return database.read(
        "session.find",
        handle ->
            handle
                .createQuery(
                    """
                    select s.id session_id, s.world, s.counter, s.rotated_at, s.expires_at, s.absolute_expires_at, s.reason,
                    """
                        + ACCOUNT
                        + """
                        from auth.session_family s join auth.account a on a.id = s.account_id
                        where s.id = :id
                        """)
                .bind("id", id.value())
                .map((row, _) -> new Held(session(row), account(row)))
                .findOne());
  }

  @Override
  public boolean advance(Session next) {
    return database.write(
            "session.advance",
            handle ->
                handle
                    .createUpdate(
                        """
                        update auth.session_family
                        set counter = :counter, rotated_at = :rotatedAt, expires_at = :expiresAt
                        where id = :id and counter = :counter - 1 and revoked_at is null
                        """)
                    .bind("id", next.id().value())
                    .bind("counter", next.counter())
                    .bind("rotatedAt", next.rotatedAt())
                    .bind("expiresAt", next.expiresAt())
                    .execute())
        == 1;
  }

  @Override
  public void end(SessionId id, SessionEnd reason, Instant now) {
    database.run(
        "session.end",
        handle ->
            handle
                .createQuery(
                    """
                    update auth.session_family set revoked_at = :now, reason = :reason
                    where id = :id and revoked_at is null
                    returning account_id
                    """)
                .bind("id", id.value())
                .bind("reason", reason.name())
                .bind("now", now)
                .mapTo(UUID.class)
                .findOne()
                .map(AccountId::new)
                .ifPresent(account ->
                    outbox.publish(
                        handle, AuthMessages.sessionEnded(account, id, reason), NO_WORLD)));
  }

  @Override
  public Optional<Account> findAccount(AccountId id) {
    return database.read(
        "account.find",
        handle ->
            handle
                .createQuery("select " + ACCOUNT + " from auth.account a where a.id = :id")
                .bind("id", id.value())
                .map((row, _) -> account(row))
                .findOne());
  }

  @Override
  public boolean change(Account next) {
    return database.write(
        "account.change",
        handle -> {
          boolean changed =
              handle
                      .createUpdate(
                          """
                          update auth.account
                          set roles = :roles, worlds = :worlds, token_epoch = :epoch, version = :version
                          where id = :id and version = :version - 1
                          """)
                      .bind("id", next.id().value())
                      .bindArray(
                          "roles", String.class, next.roles().stream().map(Enum::name).toList())
                      .bindArray("worlds", String.class, next.worlds())
                      .bind("epoch", next.epoch())
                      .bind("version", next.version())
                      .execute()
                  == 1;
          if (changed) {
            outbox.publish(handle, AuthMessages.accessChanged(next), NO_WORLD);
          }
          return changed;
        });
  }

  @Override
  public void addFailure(byte[] subject, Instant at) {
    database.run(
        "failure.add",
        handle ->
            handle
                .createUpdate(
                    "insert into auth.login_guard (subject, failed_at) values (:subject, :at)")
                .bind("subject", subject)
                .bind("at", at)
                .execute());
  }

  @Override
  public List<Instant> lastFailures(byte[] subject, int count) {
    return database.read(
        "failure.list",
        handle ->
            handle
                .createQuery(
                    """
                    select failed_at from auth.login_guard where subject = :subject
                    order by failed_at desc limit :count
                    """)
                .bind("subject", subject)
                .bind("count", count)
                .map((row, _) -> instant(row, "failed_at"))
                .list());
  }

  @Override
  public void clearFailures(byte[] subject) {
    database.run(
        "failure.clear",
        handle ->
            handle
                .createUpdate("delete from auth.login_guard where subject = :subject")
                .bind("subject", subject)
                .execute());
  }

  @Override
  public void prune(Instant failuresBefore, Instant sessionsBefore) {
    database.run(
        "prune",
        handle -> {
          handle
              .createUpdate("delete from auth.login_guard where failed_at < :before")
              .bind("before", failuresBefore)
              .execute();
          handle
              .createUpdate("delete from auth.session_family where expires_at < :before")
              .bind("before", sessionsBefore)
              .execute();
        });
  }

  private static void insert(Handle handle, Account account) {
    handle
        .createUpdate(
            """
            insert into auth.account
              (id, kind, status, roles, worlds, age_band, token_epoch, created_at, version)
            values (:id, :kind, :status, :roles, :worlds, :ageBand, :epoch, :createdAt, :version)
            """)
        .bind("id", account.id().value())
        .bind("kind", account.kind().name())
        .bind("status", account.status().name())
        .bindArray("roles", String.class, account.roles().stream().map(Enum::name).toList())
        .bindArray("worlds", String.class, account.worlds())
        .bind("ageBand", account.ageBand().name())
        .bind("epoch", account.epoch())
        .bind("createdAt", account.createdAt())
        .bind("version", account.version())
        .execute();
  }

  private static void insert(Handle handle, Session session) {
    handle
        .createUpdate(
            """
            insert into auth.session_family
              (id, account_id, world, counter, rotated_at, expires_at, absolute_expires_at)
            values (:id, :accountId, :world, :counter, :rotatedAt, :expiresAt, :lastsUntil)
            """)
        .bind("id", session.id().value())
        .bind("accountId", session.account().value())
        .bind("world", session.world())
        .bind("counter", session.counter())
        .bind("rotatedAt", session.rotatedAt())
        .bind("expiresAt", session.expiresAt())
        .bind("lastsUntil", session.lastsUntil())
        .execute();
  }

  private static Account account(ResultSet row) throws SQLException {
    return new Account(
        new AccountId(row.getObject("account_id", UUID.class)),
        Account.Kind.valueOf(row.getString("kind")),
        Account.Status.valueOf(row.getString("status")),
        texts(row, "roles").stream().map(Account.Role::valueOf).toList(),
        texts(row, "worlds"),
        Account.AgeBand.valueOf(row.getString("age_band")),
        row.getLong("token_epoch"),
        instant(row, "created_at"),
        row.getLong("version"));
  }

  private static Session session(ResultSet row) throws SQLException {
    @Nullable String reason = row.getString("reason");
    return new Session(
        new SessionId(row.getObject("session_id", UUID.class)),
        new AccountId(row.getObject("account_id", UUID.class)),
        row.getString("world"),
        row.getLong("counter"),
        instant(row, "rotated_at"),
        instant(row, "expires_at"),
        instant(row, "absolute_expires_at"),
        reason == null ? null : SessionEnd.valueOf(reason));
  }

  private static List<String> texts(ResultSet row, String column) throws SQLException {
    return Arrays.asList((String[]) row.getArray(column).getArray());
  }

  private static Instant instant(ResultSet row, String column) throws SQLException {
    return row.getTimestamp(column).toInstant();
  }
}
