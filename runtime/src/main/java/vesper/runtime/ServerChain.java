package vesper.runtime;

import com.google.protobuf.Descriptors.Descriptor;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerMethodDefinition;
import io.grpc.ServerServiceDefinition;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.ProtoMethodDescriptorSupplier;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import vesper.options.v1.Caller;

/// What every call passes through before its handler, in this order: request context, tracing and
/// metrics, authentication, authorisation, deadline and load shedding, validation, idempotency key;
/// and the one place that catches what a handler lets escape.
///
/// The steps are one interceptor instead of seven, because each interceptor of grpc costs two
/// objects and a layer of callbacks per call: [ServerMethod] does what the headers allow,
/// [GuardedListener] what needs the request, and [GuardedCall] the end.
final class ServerChain {
  private final TokenVerifier tokens;
  private final Validation validation;
  private final Tracing tracing;
  private final MeterRegistry meters;
  private final RpcSettings settings;

  ServerChain(
      TokenVerifier tokens,
      Validation validation,
      Tracing tracing,
      MeterRegistry meters,
      RpcSettings settings) {
    this.tokens = tokens;
    this.validation = validation;
    this.tracing = tracing;
    this.meters = meters;
    this.settings = settings;
  }

  /// Puts the chain before every method of a service.
  ///
  /// @param service id of the service, for spans and logs
  ServerServiceDefinition guard(String service, ServerServiceDefinition definition) {
    ServerServiceDefinition.Builder guarded =
        ServerServiceDefinition.builder(definition.getServiceDescriptor());
    for (ServerMethodDefinition<?, ?> method : definition.getMethods()) {
      guarded.addMethod(guard(service, method));
    }
    return guarded.build();
  }

  /// Compiles the validation rules of a service.
  void warm(ServerServiceDefinition definition) {
    List<Descriptor> requests = new ArrayList<>();
    for (ServerMethodDefinition<?, ?> method : definition.getMethods()) {
      if (method.getMethodDescriptor().getSchemaDescriptor()
          instanceof ProtoMethodDescriptorSupplier contract) {
        requests.add(contract.getMethodDescriptor().getInputType());
      }
    }
    validation.warm(requests);
  }

  Validation validation() {
    return validation;
  }

  Tracing tracing() {
    return tracing;
  }

  /// Returns the principal of a call's `authorization`. A token that cannot be verified counts as
  /// none where anybody may call, so that an expired one does not keep its owner from logging in
  /// again.
  Principal principal(@Nullable String authorization, MethodPolicy method) {
    if (authorization == null) {
      return Principal.ANONYMOUS;
    }
    try {
      String token = CallMetadata.token(authorization);
      if (token == null) {
        throw Refusal.unauthenticated(
            "INVALID", "authorization is not of the form 'Bearer <token>'");
      }
      return tokens.verify(token);
    } catch (StatusRuntimeException e) {
      if (method.who().contains(Caller.CALLER_ANYONE)) {
        return Principal.ANONYMOUS;
      }
      throw e;
    }
  }

  /// Returns the service that `vesper-caller` proves.
  Optional<String> callingService(Metadata headers) {
    String token = headers.get(CallMetadata.CALLER);
    if (token == null) {
      return Optional.empty();
    }
    Principal caller = tokens.verify(token);
    if (caller.kind() != Principal.Kind.SERVICE) {
      throw Refusal.unauthenticated("INVALID", "vesper-caller is not the token of a service");
    }
    return Optional.of(caller.subject());
  }

  private <Q, A> ServerMethodDefinition<Q, A> guard(
      String service, ServerMethodDefinition<Q, A> method) {
    MethodDescriptor<Q, A> descriptor = method.getMethodDescriptor();
    MethodPolicy policy = MethodPolicy.of(descriptor);
    ServerMethod<Q, A> guarded =
        new ServerMethod<>(
            this,
            service,
            policy,
            new InFlight(
                settings.bound(policy),
                policy.streams(),
                new MethodMeters(meters, "server", policy)),
            method.getServerCallHandler());
    return ServerMethodDefinition.create(descriptor, guarded);
  }

  /// One rpc with all that is resolved once.
  ///
  /// @param next the handler
  record ServerMethod<Q, A>(
      ServerChain chain,
      String service,
      MethodPolicy policy,
      InFlight inFlight,
      ServerCallHandler<Q, A> next)
      implements ServerCallHandler<Q, A> {
    @Override
    public ServerCall.Listener<Q> startCall(ServerCall<Q, A> call, Metadata headers) {
      return GuardedListener.start(this, call, headers);
    }
  }
}
