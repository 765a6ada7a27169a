package vesper.launcher;

import java.io.IOException;
import java.net.URI;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/// Where the database is and how to get in.
record DatabaseAddress(String jdbcUrl, String user, String password) {
  private static final String JDBC = "jdbc:";
  private static final int DEFAULT_PORT = 5432;

  /// Understands `postgresql://user:password@host:port/name`, with `postgres:` or
  /// `jdbc:postgresql:` too.
  static DatabaseAddress parse(URI given) {
    String text = given.toString();
    URI uri = text.startsWith(JDBC) ? URI.create(text.substring(JDBC.length())) : given;
    String user = uri.getRawUserInfo();
    if (uri.getScheme() == null
        || !uri.getScheme().startsWith("postgres")
        || user == null
        || !user.contains(":")) {
      throw new CommandFailure(
          "--db takes postgresql://user:password@host:port/name", CommandFailure.USAGE);
    }
    int port = uri.getPort() < 0 ? DEFAULT_PORT : uri.getPort();
    String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
    int colon = user.indexOf(':');
    return new DatabaseAddress(
        "jdbc:postgresql://%s:%d%s%s".formatted(uri.getHost(), port, uri.getPath(), query),
        URLDecoder.decode(user.substring(0, colon), StandardCharsets.UTF_8),
        URLDecoder.decode(user.substring(colon + 1), StandardCharsets.UTF_8));
  }

  /// Reads what [#write] wrote.
  static DatabaseAddress read(Path file) throws IOException {
    return parse(URI.create(Files.readString(file).strip()));
  }

  /// Writes the address, password included, where only the owner may read it.
  void write(Path file) throws IOException {
    Files.deleteIfExists(file);
    String place = withoutPassword().toString();
    int host = place.indexOf("//") + 2;
    Secrets.writeNew(
        file,
        place.substring(0, host)
            + encode(user)
            + ":"
            + encode(password)
            + "@"
            + place.substring(host));
  }

  /// Where it is.
  URI withoutPassword() {
    return URI.create(jdbcUrl.substring(JDBC.length()));
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
