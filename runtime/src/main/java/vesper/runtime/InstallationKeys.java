package vesper.runtime;

import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;

/// The key pair of this installation (Ed25519). It signs the tokens by which services know each
/// other, the operator's tokens, and tokens in tests.
@SuppressWarnings("DoNotCallSuggester")
public final class InstallationKeys {
  private InstallationKeys() {}

  /// Reads the keys of a folder, and makes them when there are none. Files have mode 0600; of
  /// processes that start at the same moment one makes the keys and the others read them.
  public static InstallationKeys open(Path folder) {
    throw new UnsupportedOperationException(folder.toString());
  }

  /// Keys that live as long as this object.
  public static InstallationKeys ephemeral() {
    throw new UnsupportedOperationException();
  }

  /// Returns a token for a caller, valid from now on by the system's clock.
  public String token(Principal principal, Duration ttl) {
    return token(principal, ttl, InstantSource.system());
  }

  /// Returns a token for a caller, valid from now on by the given clock.
  public String token(Principal principal, Duration ttl, InstantSource clock) {
    throw new UnsupportedOperationException("" + principal + ttl + clock);
  }
}
