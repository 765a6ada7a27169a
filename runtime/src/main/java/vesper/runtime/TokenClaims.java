package vesper.runtime;

import io.jsonwebtoken.Claims;
import io.jsonwebtoken.JwtException;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import vesper.options.v1.Caller;

/// The names of a token's claims, and how they are read.
final class TokenClaims {
  static final String AUDIENCE = "vesper";
  static final String SESSION = "sid";
  static final String KIND = "knd";
  static final String ROLES = "rol";
  static final String WORLDS = "wld";
  static final String AGE = "age";
  static final String TIER = "tier";
  static final String EPOCH = "epo";
  private static final String ROLE_PREFIX = "CALLER_";
  private static final Set<Caller> ROLE_VALUES =
      Set.of(
          Caller.CALLER_MODERATOR,
          Caller.CALLER_DESIGNER,
          Caller.CALLER_OPERATOR,
          Caller.CALLER_ADMIN,
          Caller.CALLER_GAME_SERVER);

  private TokenClaims() {}

  /// Returns whom verified claims stand for, or throws JwtException when they are not of our form.
  static Principal principal(Claims claims) {
    try {
      String subject = claims.getSubject();
      if (subject == null || subject.isEmpty()) {
        throw new JwtException("no subject");
      }
      return new Principal(
          subject,
          Principal.Kind.valueOf(text(claims, KIND, "").toUpperCase(Locale.ROOT)),
          roles(claims),
          Set.copyOf(texts(claims, WORLDS)),
          text(claims, SESSION, ""),
          standing(claims));
    } catch (IllegalArgumentException | ClassCastException e) {
      throw new JwtException("claims of another form", e);
    }
  }

  static String roleName(String caller) {
    return caller.substring(ROLE_PREFIX.length()).toLowerCase(Locale.ROOT);
  }

  private static Principal.Standing standing(Claims claims) {
    Principal.Standing unknown = Principal.Standing.UNKNOWN;
    @Nullable Number epoch = claims.get(EPOCH, Number.class);
    return new Principal.Standing(
        text(claims, AGE, unknown.ageBand()),
        text(claims, TIER, unknown.tier()),
        epoch == null ? unknown.epoch() : epoch.longValue());
  }

  private static Set<Caller> roles(Claims claims) {
    Set<Caller> roles = new HashSet<>();
    for (String name : texts(claims, ROLES)) {
      Caller role = Caller.valueOf(ROLE_PREFIX + name.toUpperCase(Locale.ROOT));
      if (!ROLE_VALUES.contains(role)) {
        throw new IllegalArgumentException("not a role");
      }
      roles.add(role);
    }
    return roles;
  }

  private static String text(Claims claims, String name, String absent) {
    @Nullable String value = claims.get(name, String.class);
    return value == null ? absent : value;
  }

  private static List<String> texts(Claims claims, String name) {
    @Nullable Object value = claims.get(name);
    if (value == null) {
      return List.of();
    }
    return ((Collection<?>) value).stream().map(String.class::cast).toList();
  }
}
