package vesper.infrastructure;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// How a nats-server is run.
///
/// @param data the data folder; the server uses `nats/` and `logs/nats-server.log` in it
/// @param cache where a fetched server is kept between runs
/// @param port the wished port on loopback; a free one when it is taken or 0
/// @param binary the server to run; without it PATH, the cache and Debian's package are tried
/// @param accounts names of accounts apart from each other, each with JetStream and one user of its
///   name; empty for one account
/// @param disposable speed before durability, and the server dies with its owner: for tests
public record NatsSettings(
    Path data,
    Path cache,
    int port,
    Optional<Path> binary,
    List<String> accounts,
    boolean disposable) {
  /// NATS's own port.
  public static final int DEFAULT_PORT = 4222;

  private static final Pattern ACCOUNT = Pattern.compile("[a-z0-9][a-z0-9-]{0,62}");
  private static final int MAX_ACCOUNTS = 256;

  /// Checks ports and account names.
  public NatsSettings {
    accounts = List.copyOf(accounts);
    if (port < 0 || port > 65535) {
      throw new IllegalArgumentException("port must be 0 to 65535 and is " + port);
    }
    if (accounts.size() > MAX_ACCOUNTS) {
      throw new IllegalArgumentException("accounts must be at most " + MAX_ACCOUNTS);
    }
    for (String account : accounts) {
      if (!ACCOUNT.matcher(account).matches()) {
        throw new IllegalArgumentException(
            "accounts must match " + ACCOUNT + " and one is '" + account + "'");
      }
    }
  }

  /// A durable server with its data in the folder.
  public static NatsSettings in(Path data) {
    return new NatsSettings(
        data.toAbsolutePath(), Host.cache(), DEFAULT_PORT, Optional.empty(), List.of(), false);
  }

  /// A fast server on a free port that dies with its owner.
  public static NatsSettings disposable(Path data) {
    return new NatsSettings(
        data.toAbsolutePath(), Host.cache(), 0, Optional.empty(), List.of(), true);
  }

  /// The same with another wished port.
  public NatsSettings withPort(int wished) {
    return new NatsSettings(data, cache, wished, binary, accounts, disposable);
  }

  /// The same with a given server binary.
  public NatsSettings withBinary(Path server) {
    return new NatsSettings(data, cache, port, Optional.of(server), accounts, disposable);
  }

  /// The same with accounts apart from each other; their users share one password.
  public NatsSettings withAccounts(List<String> names) {
    return new NatsSettings(data, cache, port, binary, names, disposable);
  }

  /// The same with another cache folder.
  public NatsSettings withCache(Path folder) {
    return new NatsSettings(data, folder.toAbsolutePath(), port, binary, accounts, disposable);
  }

  Path folder() {
    return data.resolve("nats");
  }

  Path log() {
    return data.resolve("logs").resolve("nats-server.log");
  }
}
