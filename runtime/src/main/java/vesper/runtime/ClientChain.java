package vesper.runtime;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.Context;
import io.grpc.Deadline;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// What every call passes through on its way out: deadline, metadata, tracing and metrics, circuit
/// breaker, retry.
final class ClientChain implements ClientInterceptor {
  /// What a hop takes off the deadline, so that the callee gives up before the caller does.
  private static final Duration HOP = Duration.ofMillis(5);

  /// No call is without a deadline; a stream that lives longer is opened again by its reader.
  private static final Duration LONGEST_STREAM = Duration.ofHours(24);

  private final String service;
  private final @Nullable Supplier<String> token;
  private final Tracing tracing;
  private final MeterRegistry meters;
  private final RetryBudget budget = new RetryBudget();
  private final ConcurrentHashMap<MethodDescriptor<?, ?>, ClientMethod> methods =
      new ConcurrentHashMap<>();
  // An rpc may have several descriptors, with other marshallers; it has one breaker.
  private final ConcurrentHashMap<String, Breaker> breakers = new ConcurrentHashMap<>();

  /// @param service who calls, for spans
  /// @param token proves which service calls; null for callers that are none
  ClientChain(
      String service, @Nullable Supplier<String> token, Tracing tracing, MeterRegistry meters) {
    this.service = service;
    this.token = token;
    this.tracing = tracing;
    this.meters = meters;
  }

  @Override
  public <Q, A> ClientCall<Q, A> interceptCall(
      MethodDescriptor<Q, A> method, CallOptions options, Channel next) {
    ClientMethod known = methods.get(method);
    if (known == null) {
      known = methods.computeIfAbsent(method, this::resolve);
    }
    return new OutgoingCall<>(this, known, method, withDeadline(known.policy(), options), next);
  }

  /// Adds what a call carries, and returns its span.
  Span begin(ClientMethod method, Metadata headers) {
    CallContext running = CallContext.KEY.get();
    Span parent =
        running != null ? running.span() : Tracing.parse(headers.get(CallMetadata.TRACEPARENT));
    Span span = tracing.child(parent, service, method.policy().name(), SpanKind.CLIENT);
    headers.discardAll(CallMetadata.TRACEPARENT);
    headers.put(CallMetadata.TRACEPARENT, Tracing.traceparent(span));
    if (token != null && !headers.containsKey(CallMetadata.CALLER)) {
      headers.put(CallMetadata.CALLER, token.get());
    }
    if (running != null) {
      if (!headers.containsKey(CallMetadata.REQUEST_ID)) {
        headers.put(CallMetadata.REQUEST_ID, running.requestId());
      }
      String authorization = running.authorization();
      if (authorization != null && !headers.containsKey(CallMetadata.AUTHORIZATION)) {
        headers.put(CallMetadata.AUTHORIZATION, authorization);
      }
    }
    return span;
  }

  RetryBudget budget() {
    return budget;
  }

  /// Whether a failed callee said itself when to try again.
  static boolean namesRetry(Status status, Metadata trailers) {
    return Refusal.namesRetry(status, trailers);
  }

  private ClientMethod resolve(MethodDescriptor<?, ?> method) {
    MethodPolicy policy = MethodPolicy.of(method);
    MethodMeters own = new MethodMeters(meters, "client", policy);
    return new ClientMethod(
        policy,
        own,
        breakers.computeIfAbsent(policy.name(), _ -> breaker(policy)),
        own.counter("retries", "Calls sent again"),
        own.counter("no.responders", "Calls that nobody was there to take"));
  }

  private Breaker breaker(MethodPolicy policy) {
    Breaker breaker = new Breaker(System.nanoTime());
    Gauge.builder("vesper.breaker.state", breaker, one -> one.state(System.nanoTime()))
        .tag("domain", policy.domain())
        .tag("method", policy.name())
        .tag("caller", service)
        .description("0: calls pass; 1: they do not; 2: the next one is a trial")
        .register(meters);
    return breaker;
  }

  /// Returns the options with the earliest of: what the caller asked for, or else the rpc's own
  /// limit; and what is left of the running call.
  private static CallOptions withDeadline(MethodPolicy method, CallOptions options) {
    Deadline deadline = options.getDeadline();
    if (deadline == null) {
      Duration limit = method.streams() ? LONGEST_STREAM : method.deadline();
      deadline = Deadline.after(limit.toNanos(), TimeUnit.NANOSECONDS);
    }
    Deadline inherited = Context.current().getDeadline();
    if (inherited != null) {
      deadline = deadline.minimum(inherited.offset(-HOP.toNanos(), TimeUnit.NANOSECONDS));
    }
    return options.withDeadline(deadline);
  }

  /// One rpc as callers see it, with all that is resolved once.
  record ClientMethod(
      MethodPolicy policy,
      MethodMeters meters,
      Breaker breaker,
      Counter retries,
      Counter noResponders) {
    /// Returns why a call is not made while the breaker is open.
    StatusRuntimeException refusal(long now) {
      return Refusal.breakerOpen(breaker.retryIn(now), policy.name());
    }
  }
}
