package vesper.transport;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientInterceptor;
import io.grpc.ClientInterceptors;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.ServerCalls;
import io.nats.client.Connection;
import io.nats.client.Dispatcher;
import io.nats.client.Message;
import io.nats.client.Nats;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;

/// Compares the transport with its neighbours, side by side in interleaved rounds. Run it by hand
/// with a NATS url; it is no test and judges nothing.
final class ThroughputProbe {
  static final int PAYLOAD = 256;
  private static final int TOKENS = 100;
  private static final byte[] TOKEN = new byte[16];

  static final MethodDescriptor.Marshaller<byte[]> BYTES =
      new MethodDescriptor.Marshaller<>() {
        @Override
        public InputStream stream(byte[] value) {
          return new ByteArrayInputStream(value);
        }

        @Override
        public byte[] parse(InputStream stream) {
          try {
            return stream.readAllBytes();
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        }
      };

  static final MethodDescriptor<byte[], byte[]> ECHO =
      method("Echo", MethodDescriptor.MethodType.UNARY);
  static final MethodDescriptor<byte[], byte[]> STREAM =
      method("Stream", MethodDescriptor.MethodType.SERVER_STREAMING);

  static final MethodDescriptor<byte[], byte[]> SLOW =
      method("Slow", MethodDescriptor.MethodType.UNARY);

  private ThroughputProbe() {}

  private static MethodDescriptor<byte[], byte[]> method(
      String name, MethodDescriptor.MethodType type) {
    return MethodDescriptor.newBuilder(BYTES, BYTES)
        .setType(type)
        .setFullMethodName("vesper.bench.v1.Bench/" + name)
        .build();
  }

  private static ServerServiceDefinition service() {
    return ServerServiceDefinition.builder("vesper.bench.v1.Bench")
        .addMethod(
            ECHO,
            ServerCalls.<byte[], byte[]>asyncUnaryCall((request, observer) -> {
              observer.onNext(request);
              observer.onCompleted();
            }))
        .addMethod(
            SLOW,
            ServerCalls.<byte[], byte[]>asyncUnaryCall((request, observer) -> {
              LockSupport.parkNanos(100_000_000);
              observer.onNext(request);
              observer.onCompleted();
            }))
        .addMethod(
            STREAM,
            ServerCalls.<byte[], byte[]>asyncServerStreamingCall((request, observer) -> {
              for (int i = 0; i < TOKENS; i++) {
                observer.onNext(TOKEN);
              }
              observer.onCompleted();
            }))
        .build();
  }

  /// One thing to be repeated; returns how many units it did.
  interface Step {
    int run() throws Exception;
  }

  record Sample(double perSecond, double p50Micros, double p99Micros, double cpuMicros) {}

  private static Sample measure(Step step, int inFlight, Duration time) throws Exception {
    long until = System.nanoTime() + time.toNanos();
    AtomicLong units = new AtomicLong();
    List<long[]> all = new ArrayList<>();
    Queue<Exception> failures = new ConcurrentLinkedQueue<>();
    CountDownLatch done = new CountDownLatch(inFlight);
    long cpuBefore = cpuNanos();
    long start = System.nanoTime();
    for (int i = 0; i < inFlight; i++) {
      Thread.startVirtualThread(() -> {
        long[] latencies = new long[4096];
        int n = 0;
        long count = 0;
        long before = System.nanoTime();
        try {
          while (before < until) {
            count += step.run();
            long now = System.nanoTime();
            latencies[n++ % latencies.length] = now - before;
            before = now;
          }
        } catch (Exception e) {
          failures.add(e);
        }
        units.addAndGet(count);
        synchronized (all) {
          all.add(Arrays.copyOf(latencies, Math.min(n, latencies.length)));
        }
        done.countDown();
      });
    }
    done.await();
    if (!failures.isEmpty()) {
      throw failures.remove();
    }
    double cpuMicros = (cpuNanos() - cpuBefore) / 1e3 / units.get();
    double seconds = (System.nanoTime() - start) / 1e9;
    long[] sorted = all.stream().flatMapToLong(Arrays::stream).sorted().toArray();
    return new Sample(
        units.get() / seconds,
        sorted[sorted.length / 2] / 1e3,
        sorted[(int) (sorted.length * .99)] / 1e3,
        cpuMicros);
  }

  /// Processor time of this JVM and of the NATS server, which other load on the machine does not
  /// change much.
  private static long cpuNanos() {
    long own =
        ManagementFactory.getPlatformMXBean(com.sun.management.OperatingSystemMXBean.class)
            .getProcessCpuTime();
    String pid = System.getProperty("nats.pid", "");
    if (pid.isEmpty()) {
      return own;
    }
    try {
      String[] stat = Files.readString(Path.of("/proc", pid, "stat")).split(" ");
      return own + (Long.parseLong(stat[13]) + Long.parseLong(stat[14])) * 10_000_000L;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Step unary(Channel channel) {
    byte[] request = new byte[PAYLOAD];
    return () -> {
      ClientCalls.blockingUnaryCall(channel, ECHO, CallOptions.DEFAULT, request);
      return 1;
    };
  }

  private static Step tokens(Channel channel) {
    byte[] request = new byte[PAYLOAD];
    return () -> {
      Iterator<byte[]> answers =
          ClientCalls.blockingServerStreamingCall(channel, STREAM, CallOptions.DEFAULT, request);
      int n = 0;
      while (answers.hasNext()) {
        answers.next();
        n++;
      }
      return n;
    };
  }

  private static Step rawMux(Connection client) {
    Map<String, CompletableFuture<Message>> pending = new ConcurrentHashMap<>();
    String inbox = client.createInbox() + ".";
    Dispatcher dispatcher =
        client.createDispatcher(m -> {
          CompletableFuture<Message> future =
              pending.remove(m.getSubject().substring(inbox.length()));
          if (future != null) {
            future.complete(m);
          }
        });
    dispatcher.subscribe(inbox + "*");
    AtomicLong ids = new AtomicLong();
    byte[] request = new byte[PAYLOAD];
    return () -> {
      String id = Long.toString(ids.incrementAndGet(), 36);
      CompletableFuture<Message> future = new CompletableFuture<>();
      pending.put(id, future);
      client.publish("raw.echo", inbox + id, request);
      future.get();
      return 1;
    };
  }

  private static Server nettyServer(UnaryOperator<NettyServerBuilder> settings) throws IOException {
    return settings
        .apply(
            NettyServerBuilder.forAddress(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)))
        .addService(service())
        .build()
        .start();
  }

  private static ManagedChannel nettyChannel(
      Server server, UnaryOperator<NettyChannelBuilder> settings) {
    return settings
        .apply(NettyChannelBuilder.forAddress("127.0.0.1", server.getPort()).usePlaintext())
        .build();
  }

  /// Prints the comparison.
  ///
  /// @param args the NATS url, milliseconds per sample, rounds, then parts of names of variants
  public static void main(String[] args) throws Exception {
    URI url = URI.create(args[0]);
    Duration time = Duration.ofMillis(Long.parseLong(args[1]));
    int rounds = Integer.parseInt(args[2]);
    List<String> only = List.of(args).subList(3, args.length);

    Connection rawServer = Nats.connect(url.toString());
    Connection rawClient = Nats.connect(url.toString());
    rawServer
        .createDispatcher(m -> rawServer.publish(m.getReplyTo(), m.getData()))
        .subscribe("raw.echo", "q");
    Connection rpcServer = Nats.connect(NatsConnections.rpc("server", url).build());
    Connection rpcClient = Nats.connect(NatsConnections.rpc("client", url).build());
    LocalServices local = LocalServices.create();
    NatsServer server =
        NatsServer.builder(rpcServer).name("bench").addService(service()).local(local).build();
    server.start();
    NatsChannel nats = NatsChannel.builder(rpcClient).build();
    // grpc-java at its fastest: handlers on the event loop, where one that blocks stops all.
    Server grpcServer = nettyServer(NettyServerBuilder::directExecutor);
    ManagedChannel grpc = nettyChannel(grpcServer, NettyChannelBuilder::directExecutor);
    // And with a virtual thread per call, as the transport has.
    Server threadedServer = nettyServer(b -> b.executor(Thread::startVirtualThread));
    ManagedChannel threaded =
        nettyChannel(threadedServer, b -> b.executor(Thread::startVirtualThread));

    Map<String, Step> variants = new LinkedHashMap<>();
    byte[] request = new byte[PAYLOAD];
    variants.put(
        "raw-request",
        () -> {
          rawClient.request("raw.echo", request).get();
          return 1;
        });
    variants.put("raw-mux", rawMux(rawClient));
    variants.put("stubs", unary(nats));
    variants.put("grpc", unary(grpc));
    variants.put("grpc-threads", unary(threaded));
    variants.put("in-process", unary(local.channel()));
    Metadata metadata = new Metadata();
    metadata.put(
        Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER),
        "Bearer " + "x".repeat(500));
    metadata.put(
        Metadata.Key.of("traceparent", Metadata.ASCII_STRING_MARSHALLER),
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
    metadata.put(
        Metadata.Key.of("x-request-id", Metadata.ASCII_STRING_MARSHALLER),
        "0199a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b");
    ClientInterceptor attach = MetadataUtils.newAttachHeadersInterceptor(metadata);
    variants.put("stubs-meta", unary(ClientInterceptors.intercept(nats, attach)));
    variants.put("grpc-meta", unary(ClientInterceptors.intercept(grpc, attach)));
    variants.put("tokens-nats", tokens(nats));
    variants.put("tokens-grpc", tokens(grpc));
    if (!only.isEmpty()) {
      variants.keySet().removeIf(name -> only.stream().noneMatch(name::contains));
    }
    for (int inFlight : new int[] {1, 16, 128}) {
      Map<String, List<Sample>> samples = new LinkedHashMap<>();
      for (int round = -1; round < rounds; round++) {
        for (Map.Entry<String, Step> variant : variants.entrySet()) {
          int c = variant.getKey().startsWith("tokens") && inFlight == 128 ? 64 : inFlight;
          Sample sample = measure(variant.getValue(), c, time);
          if (round >= 0) {
            samples.computeIfAbsent(variant.getKey(), k -> new ArrayList<>()).add(sample);
          }
        }
      }
      double base = 0;
      double baseP50 = 0;
      for (Map.Entry<String, List<Sample>> entry : samples.entrySet()) {
        double rate = median(entry.getValue().stream().mapToDouble(Sample::perSecond).toArray());
        double p50 = median(entry.getValue().stream().mapToDouble(Sample::p50Micros).toArray());
        double cpu = median(entry.getValue().stream().mapToDouble(Sample::cpuMicros).toArray());
        double p99 = median(entry.getValue().stream().mapToDouble(Sample::p99Micros).toArray());
        base = base == 0 ? rate : base;
        baseP50 = baseP50 == 0 ? p50 : baseP50;
        System.out.printf(
            "c=%-4d %-12s %,10.0f/s  x%.2f  p50 %8.1f us x%.2f  p99 %8.1f us  cpu %6.2f us%n",
            inFlight, entry.getKey(), rate, rate / base, p50, p50 / baseP50, p99, cpu);
      }
    }
    LatencyProbe.report(rpcClient, nats, (int) time.toMillis());
    System.out.println(nats.stats());
    System.out.println(server.stats());
    nats.close();
    server.close();
    local.close();
    grpc.shutdownNow();
    grpcServer.shutdownNow();
    threaded.shutdownNow();
    threadedServer.shutdownNow();
    rawClient.close();
    rawServer.close();
    rpcClient.close();
    rpcServer.close();
  }

  private static double median(double[] values) {
    Arrays.sort(values);
    return values[values.length / 2];
  }
}
