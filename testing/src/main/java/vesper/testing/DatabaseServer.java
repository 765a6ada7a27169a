package vesper.testing;

import org.postgresql.ds.PGSimpleDataSource;

/// A PostgreSQL and a role of it that may create databases.
record DatabaseServer(String host, int port, String user, String password) {
  static DatabaseServer of(String jdbcUrl) {
    PGSimpleDataSource source = new PGSimpleDataSource();
    source.setUrl(jdbcUrl);
    String user = source.getUser();
    String password = source.getPassword();
    if (user == null || password == null) {
      throw new IllegalArgumentException(
          TestEnvironment.DB_URL
              + " must be jdbc:postgresql://HOST:PORT/DATABASE?user=USER&password=PASSWORD");
    }
    return new DatabaseServer(
        source.getServerNames()[0], source.getPortNumbers()[0], user, password);
  }

  PGSimpleDataSource database(String name) {
    PGSimpleDataSource source = new PGSimpleDataSource();
    source.setServerNames(new String[] {host});
    source.setPortNumbers(new int[] {port});
    source.setDatabaseName(name);
    source.setUser(user);
    source.setPassword(password);
    return source;
  }

  @Override
  public String toString() {
    return host + ":" + port;
  }
}
