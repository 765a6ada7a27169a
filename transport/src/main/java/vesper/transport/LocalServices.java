package vesper.transport;

import io.grpc.Channel;
import io.grpc.HandlerRegistry;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.ServerInterceptors;
import io.grpc.ServerMethodDefinition;
import io.grpc.ServerServiceDefinition;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// The services of this JVM, callable in-process through the same stubs.
///
/// Calls behave as they do over NATS: each runs on a virtual thread of its own and has a deadline,
/// a stream parks its sender when the reader is slow, and messages above the limit are refused.
public final class LocalServices implements AutoCloseable {
  private final Map<String, Offer> offers = new ConcurrentHashMap<>();
  private final Set<String> instances = ConcurrentHashMap.newKeySet();
  private final SweptTimers timers = new SweptTimers(Sweeper.SHARED);
  private final int maxMessageBytes;
  private final Server server;
  private final ManagedChannel transport;
  private final Channel channel;

  /// A method and the instance that offers it.
  private record Offer(String instance, ServerMethodDefinition<?, ?> method) {}

  private LocalServices(Builder builder) throws IOException {
    this.maxMessageBytes = builder.maxMessageBytes;
    String name = InProcessServerBuilder.generateName();
    this.server =
        InProcessServerBuilder.forName(name)
            .executor(Thread::startVirtualThread)
            .scheduledExecutorService(timers)
            .fallbackHandlerRegistry(new Offers())
            .build()
            .start();
    this.transport =
        InProcessChannelBuilder.forName(name)
            .executor(Thread::startVirtualThread)
            .scheduledExecutorService(timers)
            .build();
    this.channel =
        new LocalChannel(transport, builder.defaultDeadline.toNanos(), builder.maxMessageBytes);
  }

  private final class Offers extends HandlerRegistry {
    @Override
    public ServerMethodDefinition<?, ?> lookupMethod(
        String methodName, @Nullable String authority) {
      Offer offer = offers.get(methodName);
      return offer == null ? WithdrawnMethod.of(methodName) : offer.method;
    }
  }

  /// Returns an empty registry with default settings.
  public static LocalServices create() {
    return builder().build();
  }

  /// Returns a builder of a registry.
  public static Builder builder() {
    return new Builder();
  }

  /// Offers services under the id of the instance that holds them.
  ///
  /// @throws IllegalStateException when another instance already offers one of their methods
  public void add(String instance, Collection<ServerServiceDefinition> services) {
    add(instance, services, new Admission(Integer.MAX_VALUE));
  }

  synchronized void add(
      String instance, Collection<ServerServiceDefinition> services, Admission admission) {
    Map<String, Offer> added = new HashMap<>();
    for (ServerServiceDefinition service : services) {
      ServerServiceDefinition guarded =
          ServerInterceptors.interceptForward(
              service, new StreamBackpressure(), new LocalAdmission(admission, maxMessageBytes));
      for (ServerMethodDefinition<?, ?> method : guarded.getMethods()) {
        added.put(
            method.getMethodDescriptor().getFullMethodName(),
            new Offer(instance, TolerantMarshaller.of(method)));
      }
    }
    for (String method : added.keySet()) {
      Offer before = offers.get(method);
      if (before != null) {
        throw new IllegalStateException(
            "%s is already offered by instance %s".formatted(method, before.instance));
      }
    }
    instances.add(instance);
    offers.putAll(added);
  }

  /// Takes an instance's services away; calls in flight go on.
  public synchronized void remove(String instance) {
    instances.remove(instance);
    offers.values().removeIf(offer -> offer.instance.equals(instance));
  }

  /// Returns whether a method can be called in-process now.
  ///
  /// @param fullMethodName `package.Service/Method`
  public boolean serves(String fullMethodName) {
    return offers.containsKey(fullMethodName);
  }

  /// Returns whether an instance is one of this JVM.
  boolean holds(String instance) {
    return instances.contains(instance);
  }

  /// Returns the channel to the services of this JVM.
  public Channel channel() {
    return channel;
  }

  /// Stops; calls in flight end with UNAVAILABLE.
  @Override
  public void close() {
    transport.shutdownNow();
    server.shutdownNow();
    timers.shutdown();
  }

  /// Settings of a registry, with defaults.
  public static final class Builder {
    private Duration defaultDeadline = Duration.ofSeconds(5);
    private int maxMessageBytes = 1024 * 1024 - BatchCodec.OVERHEAD;

    private Builder() {}

    /// Sets the deadline of calls that have none; 5 s unless told.
    public Builder defaultDeadline(Duration deadline) {
      this.defaultDeadline = Settings.positive("defaultDeadline", deadline);
      return this;
    }

    /// Sets the largest message, so that what works in-process works over NATS: what fits into the
    /// NATS default of 1 MiB unless told.
    public Builder maxMessageBytes(int bytes) {
      this.maxMessageBytes = Settings.positive("maxMessageBytes", bytes);
      return this;
    }

    /// Returns the registry with its in-process server running.
    public LocalServices build() {
      try {
        return new LocalServices(this);
      } catch (IOException e) {
        throw new UncheckedIOException("the in-process server did not start", e);
      }
    }
  }
}
