package vesper.gateway;

import com.google.api.HttpBody;
import com.google.protobuf.ByteString;
import com.google.protobuf.Empty;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import vesper.gateway.trial.v1.CountRequest;
import vesper.gateway.trial.v1.FailRequest;
import vesper.gateway.trial.v1.FollowRequest;
import vesper.gateway.trial.v1.Followed;
import vesper.gateway.trial.v1.Item;
import vesper.gateway.trial.v1.Kinds;
import vesper.gateway.trial.v1.Thing;
import vesper.gateway.trial.v1.TrialGrpc;
import vesper.runtime.Refusal;

/// The service behind the edge in its tests.
final class TrialService extends TrialGrpc.TrialImplBase {
  /// Number of the last item that any count has sent.
  final AtomicLong lastSent = new AtomicLong();

  /// Counts that run.
  final AtomicInteger counting = new AtomicInteger();

  /// Echoes that have waited.
  final AtomicInteger waiting = new AtomicInteger();

  /// Opens when an echo may answer that asked to wait.
  volatile CountDownLatch gate = new CountDownLatch(0);

  @Override
  public void echo(Kinds request, StreamObserver<Kinds> answer) {
    if (request.getText().equals("wait")) {
      waiting.incrementAndGet();
      try {
        gate.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    answer.onNext(request);
    answer.onCompleted();
  }

  /// Sends the numbers from `from` up to, not including, `to`; for ever when `to` is 0; one number
  /// and no end when `to` is negative.
  @Override
  public void count(CountRequest request, StreamObserver<Item> answer) {
    ServerCallStreamObserver<Item> client = (ServerCallStreamObserver<Item>) answer;
    String padding = "x".repeat(request.getPadding());
    AtomicLong next = new AtomicLong(request.getFrom());
    counting.incrementAndGet();
    client.setOnCancelHandler(counting::decrementAndGet);
    client.setOnReadyHandler(() -> {
      while (client.isReady()) {
        long number = next.getAndIncrement();
        if (request.getTo() < 0 && number > request.getFrom()) {
          return;
        }
        if (request.getFailAt() == number) {
          counting.decrementAndGet();
          client.onError(Refusal.precondition("COUNTED_OUT", "no more numbers"));
          return;
        }
        if (number == request.getTo()) {
          counting.decrementAndGet();
          client.onCompleted();
          return;
        }
        lastSent.set(number);
        client.onNext(Item.newBuilder().setNumber(number).setPadding(padding).build());
      }
    });
  }

  @Override
  public void fail(FailRequest request, StreamObserver<Empty> answer) {
    if (request.getCode() == 0) {
      throw new IllegalStateException("secret of the inside");
    }
    answer.onError(
        Status.fromCodeValue(request.getCode())
            .withDescription(request.getDescription())
            .asRuntimeException());
  }

  @Override
  public void peek(Empty request, StreamObserver<Kinds> answer) {
    answer.onNext(Kinds.getDefaultInstance());
    answer.onCompleted();
  }

  @Override
  public void large(Kinds request, StreamObserver<Empty> answer) {
    answer.onNext(Empty.getDefaultInstance());
    answer.onCompleted();
  }

  @Override
  public void change(Thing request, StreamObserver<Thing> answer) {
    answer.onNext(request);
    answer.onCompleted();
  }

  /// Sends three items, of which the second has no cursor.
  @Override
  public void follow(FollowRequest request, StreamObserver<Followed> answer) {
    String after = request.getResumeToken();
    for (int number = 1; number <= 3; number++) {
      String cursor = "a" + number;
      if (cursor.compareTo(after) > 0) {
        answer.onNext(
            Followed.newBuilder()
                .setNumber(number)
                .setResumeToken(number == 2 ? "" : cursor)
                .build());
      }
    }
    answer.onCompleted();
  }

  @Override
  public void page(Empty request, StreamObserver<HttpBody> answer) {
    answer.onNext(
        HttpBody.newBuilder()
            .setContentType("text/plain; charset=utf-8")
            .setData(ByteString.copyFromUtf8("as it is"))
            .build());
    answer.onCompleted();
  }
}
