package vesper.transport;

import io.grpc.MethodDescriptor;
import io.grpc.ServerMethodDefinition;
import io.grpc.Status;
import io.nats.client.Message;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/// One served method: its handler, its addresses and what `$SRV.STATS` tells about it.
final class Endpoint<Q, A> {
  final ServerMethodDefinition<Q, A> definition;
  final MethodDescriptor<Q, A> method;
  final SubjectScheme.Route route;
  final ServerSettings settings;
  final Lanes lanes;

  private final LongAdder requests = new LongAdder();
  private final LongAdder errors = new LongAdder();
  private final LongAdder nanos = new LongAdder();
  private volatile Status.@Nullable Code lastError;

  Endpoint(
      ServerMethodDefinition<Q, A> definition,
      SubjectScheme.Route route,
      ServerSettings settings,
      Lanes lanes) {
    this.definition = definition;
    this.method = definition.getMethodDescriptor();
    this.route = route;
    this.settings = settings;
    this.lanes = lanes;
  }

  /// Takes a request: starts its call on a thread of its own, or refuses it. Never blocks.
  void onRequest(Message request) {
    String replyTo = request.getReplyTo();
    if (replyTo == null || replyTo.isEmpty()) {
      settings.counters().malformed();
    } else if (settings.admission().enter()) {
      Thread.startVirtualThread(new NatsServerCall<>(this, request, replyTo));
    } else {
      settings.counters().refused();
      lanes.refuse(
          replyTo,
          Status.RESOURCE_EXHAUSTED.withDescription("the service runs as many calls as it may"),
          Refusal.LIMIT);
    }
  }

  void record(Status status, long tookNanos) {
    requests.increment();
    nanos.add(tookNanos);
    if (!status.isOk()) {
      errors.increment();
      lastError = status.getCode();
    }
  }

  long requests() {
    return requests.sum();
  }

  long errors() {
    return errors.sum();
  }

  long nanos() {
    return nanos.sum();
  }

  Status.@Nullable Code lastError() {
    return lastError;
  }
}
