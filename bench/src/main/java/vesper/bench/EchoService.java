package vesper.bench;

import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import vesper.bench.v1.BenchGrpc;
import vesper.bench.v1.EchoRequest;
import vesper.bench.v1.EchoResponse;
import vesper.bench.v1.Token;
import vesper.bench.v1.TokensRequest;

/// The service under test: the same object stands behind every variant.
final class EchoService extends BenchGrpc.BenchImplBase {
  private static final String[] WORDS = {
    "the ", "lamp ", "burns ", "low, ", "and ", "nobody ", "trims ", "it. "
  };

  @Override
  public void echo(EchoRequest request, StreamObserver<EchoResponse> observer) {
    observer.onNext(EchoResponse.newBuilder().setText(request.getText()).build());
    observer.onCompleted();
  }

  @Override
  public void tokens(TokensRequest request, StreamObserver<Token> observer) {
    ServerCallStreamObserver<Token> call = (ServerCallStreamObserver<Token>) observer;
    Readiness readiness = new Readiness();
    call.setOnReadyHandler(readiness::changed);
    call.setOnCancelHandler(readiness::changed);
    // The handlers run only after this method has returned.
    Thread.ofVirtual().start(() -> send(request.getCount(), call, readiness));
  }

  private static void send(int count, ServerCallStreamObserver<Token> call, Readiness readiness) {
    for (int i = 0; i < count && !call.isCancelled(); i++) {
      readiness.await(call);
      call.onNext(Token.newBuilder().setIndex(i).setText(WORDS[i % WORDS.length]).build());
    }
    if (!call.isCancelled()) {
      call.onCompleted();
    }
  }

  private static final class Readiness {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    void changed() {
      lock.lock();
      try {
        changed.signalAll();
      } finally {
        lock.unlock();
      }
    }

    void await(ServerCallStreamObserver<Token> call) {
      lock.lock();
      try {
        while (!call.isReady() && !call.isCancelled()) {
          changed.awaitUninterruptibly();
        }
      } finally {
        lock.unlock();
      }
    }
  }
}
