package vesper.auth;

import java.util.UUID;

/// Names a session, which is one family of refresh tokens; the `sid` of its access tokens.
record SessionId(UUID value) {
  @Override
  public String toString() {
    return value.toString();
  }
}
