package vesper.auth;

import java.util.List;
import vesper.runtime.ServiceContext;
import vesper.runtime.ServiceModule;
import vesper.runtime.Wiring;

/// The service `auth`: accounts, credentials and tokens.
public final class AuthModule implements ServiceModule {
  @Override
  public String id() {
    return "auth";
  }

  @Override
  public String domain() {
    return "auth";
  }

  @Override
  public List<Class<? extends Record>> settings() {
    return List.of(AuthConfig.class);
  }

  @Override
  public Wiring wire(ServiceContext context) {
    var config = context.config(AuthConfig.class);
    var clock = context.clock();
    var master = MasterSecret.of(config.masterSecret().value());
    var store = new PostgresAuthStore(context.database(), context.outbox());
    var keyStore = new SigningKeyStore(context.database(), new KeySeal(master));
    var keys = new SigningKeys(keyStore, config.keyRotation(), clock);
    var accessTokens = new AccessTokens(keys, config.issuer(), config.accessTtl(), clock);
    var refreshTokens = new RefreshTokenCodec(master);
    var sessions = new Sessions(store, config.sessionRules(), clock, context.ids());
    var secrets = new Secrets(master, Argon2.STANDARD);
    var rules = config.loginRules();
    var logins = new Logins(store, secrets, rules, sessions, clock, context.ids());
    var service =
        new AuthService(logins, sessions, store, accessTokens, refreshTokens, context.meters());
    return new Wiring(List.of(service), List.of(new Upkeep(keys, store, rules.guard(), clock)));
  }
}
