package vesper.runtime;

import java.time.Duration;

/// The settings `vesper.runtime.…`.
///
/// @param drain how long running calls may go on when the process stops
record RuntimeSettings(
    DatabaseSettings database,
    RpcSettings rpc,
    EventSettings events,
    LeaseSettings lease,
    HealthSettings health,
    LogSettings log,
    @Setting("25s") Duration drain) {
  static final String DOMAIN = "runtime";

  /// The settings of auth that every verifier needs.
  ///
  /// @param issuer the claim `iss` of auth's tokens
  record Tokens(@Setting("vesper") String issuer) {
    static final String DOMAIN = "auth";
  }
}
