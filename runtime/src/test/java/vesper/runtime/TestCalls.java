package vesper.runtime;

import io.grpc.ClientInterceptor;
import io.grpc.Metadata;
import io.grpc.stub.MetadataUtils;
import java.time.Duration;
import java.util.Set;
import vesper.options.v1.Caller;

/// Callers for tests.
final class TestCalls {
  static final Principal PLAYER =
      new Principal("player-1", Principal.Kind.PLAYER, Set.of(), Set.of(), "session-1");
  static final Principal OPERATOR =
      new Principal("op", Principal.Kind.OPERATOR, Set.of(Caller.CALLER_OPERATOR), Set.of(), "");

  private TestCalls() {}

  /// Adds the token of a caller.
  static ClientInterceptor as(InstallationKeys keys, Principal principal) {
    return with("authorization", "Bearer " + keys.token(principal, Duration.ofMinutes(5)));
  }

  /// Adds metadata.
  static ClientInterceptor with(String name, String value) {
    Metadata metadata = new Metadata();
    metadata.put(Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER), value);
    return MetadataUtils.newAttachHeadersInterceptor(metadata);
  }
}
