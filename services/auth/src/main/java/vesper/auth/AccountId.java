package vesper.auth;

import java.util.UUID;

/// Names an account; the `sub` of its tokens.
record AccountId(UUID value) {
  @Override
  public String toString() {
    return value.toString();
  }
}
