package vesper.bench;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.StatusException;
import io.grpc.stub.BlockingClientCall;
import io.grpc.stub.ClientCalls;
import java.util.concurrent.TimeUnit;
import vesper.bench.v1.BenchGrpc;
import vesper.bench.v1.EchoRequest;
import vesper.bench.v1.Token;
import vesper.bench.v1.TokensRequest;

/// The operations of the variants that use stubs, over whatever channel. Every call carries a
/// deadline.
final class Calls {
  private static final long SECONDS = 5;
  private static final TokensRequest TOKENS =
      TokensRequest.newBuilder().setCount(Variant.TOKENS).build();

  static Variant.Operation echo(Channel channel, String text) {
    BenchGrpc.BenchBlockingStub stub = BenchGrpc.newBlockingStub(channel);
    EchoRequest request = EchoRequest.newBuilder().setText(text).build();
    return caller -> {
      String answer = stub.withDeadlineAfter(SECONDS, TimeUnit.SECONDS).echo(request).getText();
      if (answer.length() != text.length()) {
        throw new IllegalStateException("a wrong answer");
      }
    };
  }

  static Variant.Operation tokens(Channel channel) {
    return caller -> {
      int seen = drain(channel);
      if (seen != Variant.TOKENS) {
        throw new IllegalStateException("a stream of %d tokens".formatted(seen));
      }
    };
  }

  private static int drain(Channel channel) throws StatusException, InterruptedException {
    BlockingClientCall<TokensRequest, Token> stream =
        ClientCalls.blockingV2ServerStreamingCall(
            channel,
            BenchGrpc.getTokensMethod(),
            CallOptions.DEFAULT.withDeadlineAfter(SECONDS * 2, TimeUnit.SECONDS),
            TOKENS);
    int seen = 0;
    while (true) {
      Token token = stream.read();
      if (token == null) {
        return seen;
      }
      if (token.getIndex() != seen++) {
        throw new IllegalStateException("tokens out of order");
      }
    }
  }

  private Calls() {}
}
