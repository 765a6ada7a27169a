package vesper.runtime;

/// Verifies access tokens without asking anybody: by the keys of auth, fetched when an unknown one
/// is named, and the keys of this installation. Verified tokens are remembered by their SHA-256
/// until they expire.
@SuppressWarnings("DoNotCallSuggester")
public final class TokenVerifier {
  TokenVerifier() {}

  /// Returns whom a token stands for.
  ///
  /// @param token the text after `Bearer `
  /// @throws io.grpc.StatusRuntimeException UNAUTHENTICATED with reason EXPIRED or INVALID;
  ///   UNAVAILABLE when the key it names could not be fetched
  public Principal verify(String token) {
    throw new UnsupportedOperationException(token);
  }
}
