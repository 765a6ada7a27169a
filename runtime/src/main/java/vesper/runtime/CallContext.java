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
  private final Call call;
  private volatile boolean replayed;
  private volatile boolean kept;

  /// What is known of a call besides who makes it.
  ///
  /// @param service id of the service that runs it
  /// @param method full name of the rpc
  record Call(
      String service,
      String method,
      String requestId,
      Span span,
      @Nullable String idempotencyKey,
      @Nullable String callerService,
      @Nullable String authorization) {}

  CallContext(Principal principal, Call call) {
    this.principal = principal;
    this.call = call;
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
    return new CallContext(
        principal, new Call("", "", requestId, Span.getInvalid(), null, null, null));
  }

  /// Who calls.
  public Principal principal() {
    return principal;
  }

  /// Joins the log lines of all services that a request passes through.
  public String requestId() {
    return call.requestId();
  }

  /// The metadata `idempotency-key`, checked for its form.
  public Optional<String> idempotencyKey() {
    return Optional.ofNullable(call.idempotencyKey());
  }

  /// Id of the service that made this call, proven by its token.
  public Optional<String> callerService() {
    return Optional.ofNullable(call.callerService());
  }

  /// Says that the answer is one given before: the metadata of the answer gets `vesper-replayed:
  /// true`. Has no effect after the first message of the answer.
  public void markReplayed() {
    replayed = true;
  }

  /// Says that the answer is kept under its idempotency key. [Answers] says it; a handler that
  /// keeps its answers itself must. A call with a key that ends well without this word is answered
  /// as INTERNAL, since its repeat would have the effect twice.
  public void markKept() {
    kept = true;
  }

  /// This context with an idempotency key.
  public CallContext withIdempotencyKey(String key) {
    Call keyed =
        new Call(
            call.service(),
            call.method(),
            call.requestId(),
            call.span(),
            key,
            call.callerService(),
            call.authorization());
    return new CallContext(principal, keyed);
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

  void replayed(boolean whether) {
    replayed = whether;
  }

  boolean kept() {
    return kept;
  }

  String method() {
    return call.method();
  }

  String service() {
    return call.service();
  }

  Span span() {
    return call.span();
  }

  @Nullable String authorization() {
    return call.authorization();
  }
}
