package vesper.auth;

import java.time.Instant;
import vesper.runtime.Database;

/// Keeps the signing keys of an installation, their private halves sealed.
final class SigningKeyStore {
  private final Database database;
  private final KeySeal seal;

  SigningKeyStore(Database database, KeySeal seal) {
    this.database = database;
    this.seal = seal;
  }

  /// Returns all keys; the first call on an empty database returns an empty ring.
  KeyRing read() {
    return database.read(
        "signing_key.list",
        handle ->
            new KeyRing(
                handle
                    .createQuery(
                        """
                        select generation, public_x, private_sealed, activates_at
                        from auth.signing_key order by generation
                        """)
                    .map((row, _) ->
                        open(
                            row.getLong("generation"),
                            row.getString("public_x"),
                            row.getBytes("private_sealed"),
                            row.getTimestamp("activates_at").toInstant()))
                    .list()));
  }

  /// Adds a key; false when another replica added one of the same generation before.
  boolean add(SigningKey key) {
    byte[] sealed = seal.seal(key.secret().getEncoded(), key.x());
    return database.write(
            "signing_key.add",
            handle ->
                handle
                    .createUpdate(
                        """
                        insert into auth.signing_key (generation, public_x, private_sealed, activates_at)
                        values (:generation, :x, :sealed, :activatesAt)
                        on conflict (generation) do nothing
                        """)
                    .bind("generation", key.generation())
                    .bind("x", key.x())
                    .bind("sealed", sealed)
                    .bind("activatesAt", key.activatesAt())
                    .execute())
        == 1;
  }

  /// Deletes all keys older than a generation.
  void deleteBefore(long generation) {
    database.run(
        "signing_key.delete",
        handle ->
            handle
                .createUpdate("delete from auth.signing_key where generation < :generation")
                .bind("generation", generation)
                .execute());
  }

  private SigningKey open(long generation, String x, byte[] sealed, Instant activatesAt) {
    byte[] pkcs8 =
        seal.open(sealed, x)
            .orElseThrow(() ->
                new IllegalStateException(
                    "Signing key "
                        + generation
                        + " was sealed under another vesper.auth.master-secret; start with that one"));
    return SigningKey.read(generation, x, pkcs8, activatesAt);
  }
}
