package vesper.world;

import java.security.SecureRandom;
import java.util.Arrays;
import vesper.runtime.Database;

/// The key of resume tokens. The first replica makes it; it stays in the database.
final class TokenKey {
  private static final int BYTES = 32;

  private final Database database;
  private volatile byte[] known = {};

  TokenKey(Database database) {
    this.database = database;
  }

  byte[] bytes() {
    byte[] key = known;
    if (key.length == 0) {
      key =
          database.write(
              "key.find",
              handle -> {
                byte[] fresh = new byte[BYTES];
                new SecureRandom().nextBytes(fresh);
                handle
                    .createUpdate(
                        """
                        insert into world.token_key (only_one, key) values (true, :key)
                        on conflict do nothing\
                        """)
                    .bind("key", fresh)
                    .execute();
                return handle
                    .createQuery("select key from world.token_key")
                    .map((row, _) -> row.getBytes("key"))
                    .one();
              });
      known = key;
    }
    return Arrays.copyOf(key, key.length);
  }
}
