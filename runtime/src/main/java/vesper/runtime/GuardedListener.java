package vesper.runtime;

import com.google.protobuf.Message;
import io.grpc.Context;
import io.grpc.Deadline;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.Status;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import vesper.options.v1.IdempotencyKey;

/// The way in of one call: lets the first message through to the handler when it passes every gate.
final class GuardedListener<Q> extends ServerCall.Listener<Q> {
  private final ServerChain.ServerMethod<Q, ?> method;
  private final GuardedCall<Q, ?> call;
  private final Context context;
  private final CallContext caller;
  private final boolean ownOnly;
  private final ServerCall.Listener<Q> handler;
  private boolean seen;
  private boolean refused;

  private GuardedListener(
      ServerChain.ServerMethod<Q, ?> method,
      GuardedCall<Q, ?> call,
      Context context,
      CallContext caller,
      boolean ownOnly,
      ServerCall.Listener<Q> handler) {
    this.method = method;
    this.call = call;
    this.context = context;
    this.caller = caller;
    this.ownOnly = ownOnly;
    this.handler = handler;
  }

  /// Does what the headers allow, and returns who hears of the rest.
  static <Q, A> ServerCall.Listener<Q> start(
      ServerChain.ServerMethod<Q, A> method, ServerCall<Q, A> call, Metadata headers) {
    Span parent = Tracing.parse(headers.get(CallMetadata.TRACEPARENT));
    Span span =
        method
            .chain()
            .tracing()
            .child(parent, method.service(), method.policy().name(), SpanKind.SERVER);
    String given = CallMetadata.requestId(headers);
    String requestId = given != null ? given : span.getSpanContext().getTraceId();
    GuardedCall<Q, A> guarded = new GuardedCall<>(method, call, span, requestId);
    try {
      MethodPolicy policy = method.policy();
      String authorization = headers.get(CallMetadata.AUTHORIZATION);
      Optional<String> service = method.chain().callingService(headers);
      Principal principal = method.chain().principal(authorization, policy);
      if (principal.kind() == Principal.Kind.ANONYMOUS && service.isPresent()) {
        principal = Principal.service(service.get());
      }
      boolean ownOnly = Authorization.admit(policy, principal, service);
      CallContext caller =
          new CallContext(
              principal,
              new CallContext.Call(
                  method.service(),
                  policy.name(),
                  requestId,
                  span,
                  idempotencyKey(policy, headers),
                  service.orElse(null),
                  authorization));
      guarded.context(caller);
      Context context = Context.current().withValue(CallContext.KEY, caller);
      Context previous = context.attach();
      try {
        ServerCall.Listener<Q> handler = method.next().startCall(guarded, headers);
        return new GuardedListener<>(method, guarded, context, caller, ownOnly, handler);
      } finally {
        context.detach(previous);
      }
    } catch (Throwable thrown) {
      guarded.fail(thrown);
      return new ServerCall.Listener<>() {};
    }
  }

  @Override
  public void onMessage(Q request) {
    if (refused) {
      return;
    }
    run(() -> {
      if (!seen) {
        seen = true;
        admit(request);
      }
      handler.onMessage(request);
    });
  }

  @Override
  public void onHalfClose() {
    if (!refused) {
      run(handler::onHalfClose);
    }
  }

  @Override
  public void onReady() {
    if (!refused) {
      run(handler::onReady);
    }
  }

  @Override
  public void onCancel() {
    run(handler::onCancel);
    call.end(Status.Code.CANCELLED);
  }

  @Override
  public void onComplete() {
    run(handler::onComplete);
    // Only a request that cannot be decoded is answered without this chain.
    call.end(Status.Code.INVALID_ARGUMENT);
  }

  private void admit(Q request) {
    MethodPolicy policy = method.policy();
    Message message = (Message) request;
    Authorization.checkTarget(policy, caller.principal(), ownOnly, message);
    Deadline deadline = context.getDeadline();
    long left = deadline == null ? Long.MAX_VALUE : deadline.timeRemaining(TimeUnit.NANOSECONDS);
    if (left <= 0) {
      throw Status.DEADLINE_EXCEEDED
          .withDescription("the deadline passed before the call began")
          .asRuntimeException();
    }
    call.enter(left);
    method.chain().validation().check(message);
    if (policy.key() == IdempotencyKey.IDEMPOTENCY_KEY_REQUIRED
        && caller.idempotencyKey().isEmpty()) {
      throw Refusal.invalid("idempotency-key", "this rpc needs one in the metadata");
    }
  }

  private void run(Runnable callback) {
    Context previous = context.attach();
    try {
      callback.run();
    } catch (Throwable thrown) {
      refused = true;
      call.fail(thrown);
    } finally {
      context.detach(previous);
    }
  }

  private static @Nullable String idempotencyKey(MethodPolicy policy, Metadata headers) {
    String key = headers.get(CallMetadata.IDEMPOTENCY_KEY);
    if (key == null || !policy.keyed()) {
      return null;
    }
    if (!CallMetadata.isIdempotencyKey(key)) {
      throw Refusal.invalid("idempotency-key", "must be 16 to 128 printable ASCII characters");
    }
    return key;
  }
}
