package vesper.runtime;

import io.grpc.Metadata;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The metadata of calls that the runtime reads and writes.
final class CallMetadata {
  static final Metadata.Key<String> AUTHORIZATION = key("authorization");
  static final Metadata.Key<String> CALLER = key("vesper-caller");
  static final Metadata.Key<String> REQUEST_ID = key("x-request-id");
  static final Metadata.Key<String> TRACEPARENT = key("traceparent");
  static final Metadata.Key<String> IDEMPOTENCY_KEY = key("idempotency-key");
  static final Metadata.Key<String> REPLAYED = key("vesper-replayed");

  private static final String BEARER = "Bearer ";
  private static final Pattern REQUEST_ID_FORM = Pattern.compile("[A-Za-z0-9_-]{8,64}");
  private static final int SHORTEST_KEY = 16;
  private static final int LONGEST_KEY = 128;

  private CallMetadata() {}

  /// Returns the request id when it has the right form.
  static @Nullable String requestId(Metadata headers) {
    String given = headers.get(REQUEST_ID);
    return given != null && REQUEST_ID_FORM.matcher(given).matches() ? given : null;
  }

  /// Returns the token of an authorization, or null when it has none.
  static @Nullable String token(String authorization) {
    return authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())
        ? authorization.substring(BEARER.length()).strip()
        : null;
  }

  /// Whether a text can be an idempotency key: 16 to 128 printable ASCII characters.
  static boolean isIdempotencyKey(String key) {
    return key.length() >= SHORTEST_KEY
        && key.length() <= LONGEST_KEY
        && key.chars().allMatch(c -> c >= ' ' && c < 0x7f);
  }

  private static Metadata.Key<String> key(String name) {
    return Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER);
  }
}
