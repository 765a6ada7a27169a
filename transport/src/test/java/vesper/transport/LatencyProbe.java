package vesper.transport;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import io.nats.client.Connection;
import java.time.Duration;
import java.util.Arrays;

/// Prints how soon things happen that should happen at once; a part of [ThroughputProbe].
final class LatencyProbe {
  private LatencyProbe() {}

  /// Prints how soon a caller learns that nobody listens, how late deadlines fire, and how long a
  /// fast call takes while ten slow ones run.
  static void report(Connection connection, NatsChannel nats, int samples) {
    double[] nobody = new double[samples];
    double[] late = new double[Math.min(samples, 100)];
    MethodDescriptor<byte[], byte[]> absent =
        ThroughputProbe.ECHO.toBuilder().setFullMethodName("vesper.absent.v1.Absent/Echo").build();
    for (int i = 0; i < nobody.length; i++) {
      nobody[i] = micros(() -> call(nats, absent, CallOptions.DEFAULT));
    }
    connection.createDispatcher(m -> {}).subscribe("svc.absent.v1.Echo");
    Duration deadline = Duration.ofMillis(20);
    for (int i = 0; i < late.length; i++) {
      late[i] =
          micros(() -> call(nats, absent, CallOptions.DEFAULT.withDeadlineAfter(deadline)))
              - deadline.toNanos() / 1e3;
    }
    Arrays.sort(nobody);
    Arrays.sort(late);
    System.out.printf(
        "no responders  p50 %.1f us  p99 %.1f us%n",
        nobody[nobody.length / 2], nobody[(int) (nobody.length * .99)]);
    System.out.printf(
        "deadline late  p50 %.1f us  max %.1f us%n", late[late.length / 2], late[late.length - 1]);
    double[] fast = new double[late.length];
    for (int i = 0; i < fast.length; i++) {
      for (int slow = 0; slow < 10; slow++) {
        ClientCalls.asyncUnaryCall(
            nats.newCall(ThroughputProbe.SLOW, CallOptions.DEFAULT),
            new byte[ThroughputProbe.PAYLOAD],
            new Ignore());
      }
      fast[i] = micros(() -> call(nats, ThroughputProbe.ECHO, CallOptions.DEFAULT));
    }
    Arrays.sort(fast);
    System.out.printf(
        "fast behind ten slow  p50 %.1f us  p99 %.1f us%n",
        fast[fast.length / 2], fast[(int) (fast.length * .99)]);
  }

  private static double micros(Runnable step) {
    long before = System.nanoTime();
    step.run();
    return (System.nanoTime() - before) / 1e3;
  }

  private static void call(
      Channel channel, MethodDescriptor<byte[], byte[]> method, CallOptions options) {
    try {
      ClientCalls.blockingUnaryCall(channel, method, options, new byte[ThroughputProbe.PAYLOAD]);
    } catch (StatusRuntimeException e) {
      if (e.getStatus().getCode() == Status.Code.INTERNAL) {
        throw e;
      }
    }
  }

  private static final class Ignore implements StreamObserver<byte[]> {
    @Override
    public void onNext(byte[] answer) {}

    @Override
    public void onError(Throwable failure) {}

    @Override
    public void onCompleted() {}
  }
}
