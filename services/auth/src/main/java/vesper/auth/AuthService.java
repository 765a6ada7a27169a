package vesper.auth;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.api.HttpBody;
import com.google.protobuf.ByteString;
import com.google.protobuf.Empty;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import vesper.auth.v1.AuthGrpc;
import vesper.auth.v1.GetAccountRequest;
import vesper.auth.v1.GetJwksRequest;
import vesper.auth.v1.LoginRequest;
import vesper.auth.v1.LogoutRequest;
import vesper.auth.v1.RefreshTokenRequest;
import vesper.auth.v1.SetAccessRequest;
import vesper.auth.v1.TokenPair;
import vesper.runtime.CallContext;
import vesper.runtime.Refusal;

/// The rpcs of `vesper.auth.v1.Auth`.
final class AuthService extends AuthGrpc.AuthImplBase {
  private static final Duration HASHING_RETRY = Duration.ofSeconds(1);

  private final Logins logins;
  private final Sessions sessions;
  private final AuthStore store;
  private final AccessTokens accessTokens;
  private final RefreshTokenCodec refreshTokens;
  private final MeterRegistry meters;

  AuthService(
      Logins logins,
      Sessions sessions,
      AuthStore store,
      AccessTokens accessTokens,
      RefreshTokenCodec refreshTokens,
      MeterRegistry meters) {
    this.logins = logins;
    this.sessions = sessions;
    this.store = store;
    this.accessTokens = accessTokens;
    this.refreshTokens = refreshTokens;
    this.meters = meters;
  }

  @Override
  public void login(LoginRequest request, StreamObserver<TokenPair> answer) {
    Credential credential = AuthMessages.credential(request);
    Logins.Outcome outcome = logins.login(credential, request.getCreate(), request.getWorldId());
    String result =
        switch (outcome) {
          case Logins.Outcome.Opened(_, _, boolean created) -> created ? "CREATED" : "OK";
          case Logins.Outcome.Refused(Logins.Reason reason) -> reason.name();
        };
    meters
        .counter("vesper.auth.logins", "kind", credential.provider(), "result", result)
        .increment();
    switch (outcome) {
      case Logins.Outcome.Opened(Account account, Session session, boolean created) ->
          reply(answer, pair(account, session).setCreated(created).build());
      case Logins.Outcome.Refused(Logins.Reason reason) -> throw refusal(reason);
    }
  }

  @Override
  public void refreshToken(RefreshTokenRequest request, StreamObserver<TokenPair> answer) {
    RefreshToken token =
        refreshTokens
            .decode(request.getRefreshToken())
            .orElseThrow(
                () -> Refusal.unauthenticated("INVALID", "the refresh token is not valid"));
    switch (sessions.refresh(token)) {
      case Sessions.Outcome.Granted(Account account, Session session) ->
          reply(answer, pair(account, session).build());
      case Sessions.Outcome.Refused(Refresh.Reason reason) -> {
        if (reason == Refresh.Reason.REUSED) {
          meters.counter("vesper.auth.refresh.reuse").increment();
        }
        throw Refusal.unauthenticated(reason.name(), "the session has ended; log in again");
      }
    }
  }

  @Override
  public void logout(LogoutRequest request, StreamObserver<Empty> answer) {
    UuidText.parse(CallContext.current().principal().session())
        .map(SessionId::new)
        .ifPresent(sessions::logout);
    reply(answer, Empty.getDefaultInstance());
  }

  @Override
  public void getAccount(GetAccountRequest request, StreamObserver<vesper.auth.v1.Account> answer) {
    String id =
        request.getAccountId().isEmpty()
            ? CallContext.current().principal().subject()
            : request.getAccountId();
    reply(answer, AuthMessages.account(account(id)));
  }

  @Override
  public void setAccess(SetAccessRequest request, StreamObserver<vesper.auth.v1.Account> answer) {
    Account before = account(request.getAccountId());
    Account after =
        before.withAccess(
            AuthMessages.roles(request.getRolesList()),
            request.getWorldsList().stream().sorted().toList());
    if (before.version() != request.getVersion()) {
      boolean repeated =
          before.version() == request.getVersion() + 1
              && before.roles().equals(after.roles())
              && before.worlds().equals(after.worlds());
      if (!repeated) {
        throw Refusal.stale(before.version());
      }
      reply(answer, AuthMessages.account(before));
      return;
    }
    if (!store.change(after)) {
      throw Refusal.stale(account(request.getAccountId()).version());
    }
    reply(answer, AuthMessages.account(after));
  }

  @Override
  public void getJwks(GetJwksRequest request, StreamObserver<HttpBody> answer) {
    reply(
        answer,
        HttpBody.newBuilder()
            .setContentType("application/jwk-set+json")
            .setData(ByteString.copyFrom(accessTokens.jwks(), UTF_8))
            .build());
  }

  private TokenPair.Builder pair(Account account, Session session) {
    AccessTokens.Issued issued = accessTokens.issue(account, session);
    return TokenPair.newBuilder()
        .setAccessToken(issued.token())
        .setRefreshToken(refreshTokens.encode(session.token()))
        .setExpiresAt(AuthMessages.timestamp(issued.expiresAt()))
        .setAccountId(account.id().toString())
        .setKind(AuthMessages.kind(account.kind()));
  }

  private Account account(String id) {
    return UuidText.parse(id)
        .map(AccountId::new)
        .flatMap(store::findAccount)
        .orElseThrow(() -> Refusal.notFound("accountId", "there is no such account"));
  }

  private static StatusRuntimeException refusal(Logins.Reason reason) {
    return switch (reason) {
      case WRONG -> Refusal.unauthenticated("WRONG_CREDENTIAL", "the credential is not valid");
      case LOCKED ->
          Refusal.precondition("LOCKED", "too many wrong passwords; try again in some minutes");
      case BANNED -> Refusal.precondition("BANNED", "the account is banned");
      case OTHER_WORLD -> Refusal.denied("the account may not enter this world");
      case BUSY -> Refusal.exhausted(HASHING_RETRY, "too many passwords are being checked");
    };
  }

  private static <T> void reply(StreamObserver<T> answer, T message) {
    answer.onNext(message);
    answer.onCompleted();
  }
}
