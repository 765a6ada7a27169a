package vesper.bench.fuzz;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import vesper.options.v1.Caller;
import vesper.runtime.InstallationKeys;
import vesper.runtime.Principal;

/// Tokens that are good, and tokens that must not be.
final class Tokens {
  private static final Duration VALID = Duration.ofHours(4);

  private final List<String> good = new ArrayList<>();
  private final List<String> bad = new ArrayList<>();
  private final List<String> services = new ArrayList<>();
  private final int guests;

  /// @param guests tokens of players who logged in
  Tokens(List<String> guests, Optional<InstallationKeys> keys) {
    this.guests = guests.size();
    good.addAll(guests);
    String guest = guests.getFirst();
    keys.ifPresent(own -> {
      for (Caller role : List.of(Caller.CALLER_OPERATOR, Caller.CALLER_DESIGNER)) {
        good.add(own.token(operator(role), VALID));
      }
      services.add(own.token(Principal.service("npc-behavior"), VALID));
      bad.add(own.token(operator(Caller.CALLER_ADMIN), VALID, () -> Instant.EPOCH));
      bad.add(
          own.token(
              operator(Caller.CALLER_ADMIN), VALID, () -> Instant.now().plus(Duration.ofDays(1))));
    });
    bad.add(InstallationKeys.ephemeral().token(operator(Caller.CALLER_ADMIN), VALID));
    bad.add(guest.substring(0, guest.length() - 4) + "AAAA");
    bad.add(guest.replaceFirst("\\.[^.]+\\.", "." + encoded("{\"sub\":\"admin\"}") + "."));
    bad.add(encoded("{\"alg\":\"none\"}") + "." + encoded("{\"sub\":\"admin\"}") + ".");
    bad.add(encoded("{\"alg\":\"HS256\",\"kid\":\"x\"}") + "." + encoded("{}") + ".AAAA");
    bad.add(encoded("{\"alg\":\"EdDSA\",\"kid\":\"../../x\"}") + "." + encoded("[]") + ".AAAA");
    bad.add("..");
    bad.add("a.b.c");
    bad.add("x".repeat(9_000));
  }

  /// The token of a caller who exists.
  String good(RandomGenerator random) {
    // Players may do least; half of the requests should reach what is behind the rights.
    boolean privileged = good.size() > guests && random.nextBoolean();
    return privileged
        ? good.get(guests + random.nextInt(good.size() - guests))
        : Oddities.pick(good, random);
  }

  /// What goes into the header `authorization` and should open nothing.
  String bad(RandomGenerator random) {
    return switch (random.nextInt(8)) {
      case 0 -> "";
      case 1 -> "Bearer";
      case 2 -> "Basic YTpi";
      case 3 -> "Bearer " + encoded(Oddities.id(random));
      case 4 -> Oddities.pick(good, random);
      case 5 -> "Bearer " + Oddities.pick(good, random) + "x";
      default -> "Bearer " + Oddities.pick(bad, random);
    };
  }

  /// The token of a service, where the keys are known.
  Optional<String> service(RandomGenerator random) {
    return services.isEmpty() ? Optional.empty() : Optional.of(Oddities.pick(services, random));
  }

  private static Principal operator(Caller role) {
    return new Principal("fuzz", Principal.Kind.OPERATOR, Set.of(role), Set.of(), "fuzz");
  }

  private static String encoded(String text) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }
}
