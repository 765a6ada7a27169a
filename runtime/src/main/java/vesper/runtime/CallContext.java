package vesper.runtime;

import io.grpc.Context;
import io.opentelemetry.api.trace.Span;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The rpc that runs: who calls, under which request id. It travels in the grpc [Context], so a
/// handler that goes on in a thread of its own wraps the task with `Context.current().wrap(task)`.
public final class CallContext {
  static final Context.Key<CallContext> KEY = Context.key("vesper-call");

  private final Principal principal;
  private final String requestId;
  private final Span span;
  private final @Nullable String idempotencyKey;
  private final @Nullable String callerService;
  private final @Nullable String authorization;
  private volatile boolean replayed;

  CallContext(
      Principal principal,
      String requestId,
      Span span,
      @Nullable String idempotencyKey,
      @Nullable String callerService,
      @Nullable String authorization) {
    this.principal = principal;
    this.requestId = requestId;
    this.span = span;
    this.idempotencyKey = idempotencyKey;
    this.callerService = callerService;
    this.authorization = authorization;
  }

  /// Returns the context of the running rpc, or throws IllegalStateException outside one.
  public static CallContext current() {
    CallContext context = KEY.get();
    if (context == null) {
      throw new IllegalStateException("no rpc is running on this thread");
    }
    return context;
  }

  /// Returns the context of the running rpc, if there is one.
  public static Optional<CallContext> find() {
    return Optional.ofNullable(KEY.get());
  }

  /// A context without a server around it, to call a handler directly.
  public static CallContext of(Principal principal, String requestId) {
    return new CallContext(principal, requestId, Span.getInvalid(), null, null, null);
  }

  /// Who calls.
  public Principal principal() {
    return principal;
  }

  /// Joins the log lines of all services that a request passes through.
  public String requestId() {
    return requestId;
  }

  /// The metadata `idempotency-key`, checked for its form.
  public Optional<String> idempotencyKey() {
    return Optional.ofNullable(idempotencyKey);
  }

  /// Id of the service that made this call, proven by its token.
  public Optional<String> callerService() {
    return Optional.ofNullable(callerService);
  }

  /// Says that the answer is one given before: the metadata of the answer gets `vesper-replayed:
  /// true`. Has no effect after the first message of the answer.
  public void markReplayed() {
    replayed = true;
  }

  /// This context with an idempotency key.
  public CallContext withIdempotencyKey(String key) {
    return new CallContext(principal, requestId, span, key, callerService, authorization);
  }

  /// Runs the work as if an rpc with this context called it.
  public <T> T call(Supplier<T> work) {
    Context context = Context.current().withValue(KEY, this);
    Context previous = context.attach();
    try {
      return work.get();
    } finally {
      context.detach(previous);
    }
  }

  boolean replayed() {
    return replayed;
  }

  Span span() {
    return span;
  }

  @Nullable String authorization() {
    return authorization;
  }
}
