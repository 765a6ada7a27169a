package vesper.runtime;

import com.google.api.HttpBody;
import com.google.protobuf.ByteString;
import io.grpc.stub.StreamObserver;
import io.jsonwebtoken.security.Jwks;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.security.interfaces.EdECPublicKey;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicInteger;
import vesper.auth.v1.AuthGrpc;
import vesper.auth.v1.GetJwksRequest;

/// Publishes one key as auth does, and signs with it.
final class KeysModule implements ServiceModule {
  final AtomicInteger fetches = new AtomicInteger();
  private final KeyPair pair;

  KeysModule() {
    try {
      pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  TokenSigner signer() {
    return new TokenSigner("auth-1", pair.getPrivate(), "vesper", InstantSource.system());
  }

  @Override
  public String id() {
    return "auth";
  }

  @Override
  public String domain() {
    return "auth";
  }

  @Override
  public Wiring wire(ServiceContext context) {
    return Wiring.of(new Service());
  }

  private final class Service extends AuthGrpc.AuthImplBase {
    @Override
    public void getJwks(GetJwksRequest request, StreamObserver<HttpBody> answer) {
      fetches.incrementAndGet();
      String key =
          Jwks.json(Jwks.builder().key((EdECPublicKey) pair.getPublic()).id("auth-1").build());
      answer.onNext(
          HttpBody.newBuilder()
              .setData(ByteString.copyFromUtf8("{\"keys\":[" + key + "]}"))
              .build());
      answer.onCompleted();
    }
  }
}
