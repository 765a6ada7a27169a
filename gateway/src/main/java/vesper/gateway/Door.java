package vesper.gateway;

import com.linecorp.armeria.server.ServiceRequestContext;
import io.grpc.CallOptions;
import io.grpc.Metadata;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import vesper.gateway.transcoding.Rpc;
import vesper.runtime.Ids;
import vesper.runtime.Principal;
import vesper.runtime.Refusal;

/// What every request passes through before it becomes a call, by HTTP/JSON and gRPC alike: a place
/// among the running ones, a trace, the check of its token, a deadline. Of its headers only those
/// named here become metadata of the call.
final class Door {
  static final Metadata.Key<String> AUTHORIZATION = key("authorization");
  static final Metadata.Key<String> REQUEST_ID = key("x-request-id");
  static final Metadata.Key<String> TRACEPARENT = key("traceparent");
  static final Metadata.Key<String> IDEMPOTENCY_KEY = key("idempotency-key");
  static final Metadata.Key<String> REPLAYED = key("vesper-replayed");
  static final String TIMEOUT = "x-timeout-ms";

  private static final Pattern REQUEST_ID_FORM = Pattern.compile("[A-Za-z0-9_-]{8,64}");
  private static final Pattern TIMEOUT_FORM = Pattern.compile("[1-9][0-9]{0,8}");
  private static final Duration LONGEST = Duration.ofSeconds(30);
  // Left to the edge, so that the answer is back within the client's time.
  private static final int HOP_MILLIS = 5;
  private static final String BEARER = "Bearer ";

  /// Verifies tokens.
  interface Tokens {
    /// Returns whom a token stands for, or throws UNAUTHENTICATED.
    Principal verify(String token);
  }

  /// Begins spans.
  interface Spans {
    /// Begins a span, under another one if the client names one.
    io.opentelemetry.api.trace.Span begin(String name, @Nullable String traceparent);
  }

  /// What a call is made with.
  record Ticket(Metadata metadata, CallOptions options) {}

  private final Admission admission;
  private final Rates rates;
  private final Tokens tokens;
  private final Spans spans;
  private final Ids ids;
  private final Duration streamMax;

  /// @param streamMax age at which a stream that named no deadline is ended
  Door(Admission admission, Rates rates, Tokens tokens, Spans spans, Ids ids, Duration streamMax) {
    this.admission = admission;
    this.rates = rates;
    this.tokens = tokens;
    this.spans = spans;
    this.ids = ids;
    this.streamMax = streamMax;
  }

  /// The id of a request: the client's own when it has the right form.
  String requestId(@Nullable String given) {
    return given != null && REQUEST_ID_FORM.matcher(given).matches() ? given : ids.next();
  }

  /// Lets a request in; it leaves when its answer has been written or its client is gone.
  ///
  /// @param name of its span
  /// @throws StatusRuntimeException UNAVAILABLE when the edge is full or stopping
  Visit enter(Rpc rpc, String name, ServiceRequestContext context, @Nullable String traceparent) {
    Visit visit = new Visit(this, rpc, Arrival.of(context), spans.begin(name, traceparent));
    try {
      admission.enter(visit);
    } catch (StatusRuntimeException e) {
      visit.end(e.getStatus().getCode());
      throw e;
    }
    var _ = context.log().whenComplete().thenRun(visit::leave);
    return visit;
  }

  void uncount(Visit visit) {
    admission.uncount(visit);
  }

  void leave(Visit visit) {
    admission.leave(visit);
  }

  /// Counts a request that carries no token.
  ///
  /// @throws StatusRuntimeException RESOURCE_EXHAUSTED when its address sent too many
  void countAnonymous(Arrival arrival) {
    rates.anonymous(arrival.address());
  }

  /// Checks who asks and how much of it there is already, and makes up what the call is made with.
  /// May block while the keys of tokens are fetched.
  ///
  /// @param headers finds a header of the request by its lower-case name
  /// @param timeout the time that the client gives to the call, or null
  /// @throws StatusRuntimeException UNAUTHENTICATED without a valid token, where one is needed;
  ///   RESOURCE_EXHAUSTED when the caller has too many calls running or calls too often
  Ticket admit(
      Visit visit, Function<String, @Nullable String> headers, @Nullable Duration timeout) {
    Metadata metadata = new Metadata();
    String token = bearer(visit.rpc(), headers.apply(AUTHORIZATION.name()));
    Principal principal = token == null ? null : principal(visit, token);
    if (principal != null) {
      admission.count(visit, principal.kind() + ":" + principal.subject());
      visit.left(rates.call(principal, visit.rpc().reads()));
      metadata.put(AUTHORIZATION, BEARER + token);
    }
    metadata.put(REQUEST_ID, visit.requestId());
    metadata.put(TRACEPARENT, visit.traceparent());
    String idempotencyKey = headers.apply(IDEMPOTENCY_KEY.name());
    if (idempotencyKey != null) {
      if (!idempotencyKey.chars().allMatch(c -> c >= ' ' && c < 0x7f)) {
        throw Refusal.invalid("Idempotency-Key", "must be printable ASCII");
      }
      metadata.put(IDEMPOTENCY_KEY, idempotencyKey);
    }
    Duration given = deadline(visit.rpc(), timeout);
    return new Ticket(
        metadata,
        CallOptions.DEFAULT.withDeadlineAfter(
            Math.max(1, given.toMillis() - HOP_MILLIS), TimeUnit.MILLISECONDS));
  }

  /// Whether a header brings a token, which is counted by whether it is good; all else counts as
  /// none.
  static boolean isBearer(@Nullable String header) {
    return header != null && header.regionMatches(true, 0, BEARER, 0, BEARER.length());
  }

  private static @Nullable String bearer(Rpc rpc, @Nullable String header) {
    if (header != null && isBearer(header)) {
      return header.substring(BEARER.length()).strip();
    }
    if (rpc.anonymous()) {
      return null;
    }
    throw header == null
        ? Refusal.unauthenticated("MISSING", "the call needs a token: Authorization: Bearer …")
        : Refusal.unauthenticated("INVALID", "the authorization must be: Bearer …");
  }

  // Where no token is needed a wrong one is left out instead of refused, so that a client whose
  // token has expired can log in or refresh it. A wrong one counts like none.
  private @Nullable Principal principal(Visit visit, String token) {
    try {
      return tokens.verify(token);
    } catch (StatusRuntimeException e) {
      rates.anonymous(visit.arrival().address());
      if (visit.rpc().anonymous()) {
        return null;
      }
      throw e;
    }
  }

  /// The longest that a client may give to a call that is no stream.
  static Duration longest(Rpc rpc) {
    return rpc.deadline().compareTo(LONGEST) > 0 ? rpc.deadline() : LONGEST;
  }

  private Duration deadline(Rpc rpc, @Nullable Duration asked) {
    Duration most = longest(rpc);
    if (rpc.streams()) {
      return asked == null || asked.compareTo(streamMax) > 0 ? streamMax : asked;
    }
    if (asked == null) {
      return rpc.deadline();
    }
    return asked.compareTo(most) > 0 ? most : asked;
  }

  /// Reads the header `X-Timeout-Ms`.
  static @Nullable Duration timeout(@Nullable String header) {
    if (header == null) {
      return null;
    }
    if (!TIMEOUT_FORM.matcher(header).matches()) {
      throw Refusal.invalid("X-Timeout-Ms", "must be a whole number of milliseconds from 1");
    }
    return Duration.ofMillis(Long.parseLong(header));
  }

  private static Metadata.Key<String> key(String name) {
    return Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER);
  }
}
