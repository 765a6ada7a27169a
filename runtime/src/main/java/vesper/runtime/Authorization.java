package vesper.runtime;

import com.google.protobuf.Message;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import vesper.options.v1.Caller;

/// Decides who may call an rpc, by what its contract declares.
final class Authorization {
  private Authorization() {}

  /// Returns what a caller is: its kind and its roles with those they include.
  ///
  /// @param service the calling service, proven by its own token
  static Set<Caller> callers(Principal principal, Optional<String> service) {
    Set<Caller> callers = EnumSet.of(Caller.CALLER_ANYONE);
    callers.addAll(principal.roles());
    switch (principal.kind()) {
      case PLAYER, GUEST -> callers.add(Caller.CALLER_PLAYER);
      case OPERATOR -> callers.add(Caller.CALLER_OPERATOR);
      case SERVICE, KEY, ANONYMOUS -> {}
    }
    if (service.isPresent()) {
      callers.add(Caller.CALLER_SERVICE);
    }
    if (callers.contains(Caller.CALLER_ADMIN)) {
      callers.add(Caller.CALLER_OPERATOR);
    }
    if (callers.contains(Caller.CALLER_OPERATOR)) {
      callers.add(Caller.CALLER_MODERATOR);
      callers.add(Caller.CALLER_DESIGNER);
    }
    return callers;
  }

  /// Refuses a caller that the rpc does not list.
  ///
  /// @return whether the caller is listed only as a player, who may name only itself
  static boolean admit(MethodPolicy method, Principal principal, Optional<String> service) {
    Set<Caller> matching = callers(principal, service);
    matching.retainAll(method.who());
    if (matching.isEmpty()) {
      if (principal.kind() == Principal.Kind.ANONYMOUS) {
        throw Refusal.unauthenticated("NO_TOKEN", "a token is needed");
      }
      throw Refusal.denied("this caller may not use " + method.name());
    }
    return matching.size() == 1 && matching.contains(Caller.CALLER_PLAYER);
  }

  /// Refuses a request that names another player or a world out of the caller's reach.
  ///
  /// @param ownOnly as [#admit] returned
  static void checkTarget(
      MethodPolicy method, Principal principal, boolean ownOnly, Message request) {
    if (ownOnly && method.owner().isPresent()) {
      String owner = method.owner().get().value(request);
      if (!owner.isEmpty() && !owner.equals(principal.subject())) {
        throw Refusal.denied(method.owner().get().name() + " is not the caller");
      }
    }
    if (!principal.worlds().isEmpty() && method.world().isPresent()) {
      String world = method.world().get().value(request);
      if (!world.isEmpty() && !principal.worlds().contains(world)) {
        throw Refusal.denied(method.world().get().name() + " is not open to the caller");
      }
    }
  }
}
