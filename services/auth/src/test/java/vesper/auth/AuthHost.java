package vesper.auth;

import static vesper.auth.Requests.device;
import static vesper.auth.Requests.newName;
import static vesper.auth.Requests.registering;

import io.grpc.Metadata;
import io.grpc.stub.MetadataUtils;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import vesper.auth.v1.AuthGrpc;
import vesper.auth.v1.LoginRequest;
import vesper.auth.v1.RefreshTokenRequest;
import vesper.auth.v1.TokenPair;
import vesper.options.v1.Caller;
import vesper.runtime.Config;
import vesper.runtime.Host;
import vesper.runtime.InstallationKeys;
import vesper.runtime.Principal;
import vesper.runtime.TokenVerifier;
import vesper.testing.TestDatabase;
import vesper.testing.TestNats;
import vesper.transport.Routing;

/// The service auth in a host of its own, called over NATS.
final class AuthHost implements AutoCloseable {
  /// The master secret of every host.
  static final String MASTER = "a master secret of enough characters";

  private static final Metadata.Key<String> AUTHORIZATION =
      Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

  private final Host host;
  private final InstallationKeys keys = InstallationKeys.ephemeral();
  private final InstantSource clock;

  AuthHost(TestNats nats, TestDatabase database, InstantSource clock) {
    this.clock = clock;
    host =
        Host.builder()
            .config(Config.of(Map.of("vesper.auth.master-secret", MASTER)))
            .nats(nats.url())
            .database(database.jdbcUrl(), database.user(), database.password())
            .keys(keys)
            .clock(clock)
            .routing(Routing.NATS)
            .modules(List.of(new AuthModule()))
            .build();
    host.start();
  }

  /// Calls without a token, and with more patience than the contract has, for machines that do much
  /// else.
  AuthGrpc.AuthBlockingStub stub() {
    return AuthGrpc.newBlockingStub(host.channel()).withDeadlineAfter(1, TimeUnit.MINUTES);
  }

  TokenPair login(LoginRequest request) {
    return stub().login(request);
  }

  /// Logs a new device in.
  TokenPair guest() {
    return login(registering(device(newName(), 1)));
  }

  TokenPair refresh(String token) {
    return stub().refreshToken(RefreshTokenRequest.newBuilder().setRefreshToken(token).build());
  }

  /// Calls with an access token.
  AuthGrpc.AuthBlockingStub stub(String token) {
    Metadata metadata = new Metadata();
    metadata.put(AUTHORIZATION, "Bearer " + token);
    return stub().withInterceptors(MetadataUtils.newAttachHeadersInterceptor(metadata));
  }

  /// Calls as the installation's operator with a role.
  AuthGrpc.AuthBlockingStub operator(Caller role) {
    var principal = new Principal("operator", Principal.Kind.OPERATOR, Set.of(role), Set.of(), "");
    return stub(keys.token(principal, Duration.ofMinutes(5), clock));
  }

  /// Verifies tokens as every process does: with the keys that it gets over the wire.
  TokenVerifier tokens() {
    return host.tokens();
  }

  @Override
  public void close() {
    host.close();
  }
}
