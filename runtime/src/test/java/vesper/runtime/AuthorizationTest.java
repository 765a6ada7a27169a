package vesper.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.Message;
import io.grpc.MethodDescriptor;
import io.grpc.ServiceDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.ProtoMethodDescriptorSupplier;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import vesper.auth.v1.AuthGrpc;
import vesper.npc.v1.NpcsGrpc;
import vesper.options.v1.Access;
import vesper.options.v1.Caller;
import vesper.options.v1.OptionsProto;
import vesper.time.v1.TimeGrpc;

/// The law: a call gets past an rpc exactly when its contract lists something that the caller is,
/// and names only what the caller may name.
class AuthorizationTest {
  private static final List<ServiceDescriptor> SERVICES =
      List.of(
          AuthGrpc.getServiceDescriptor(),
          TimeGrpc.getServiceDescriptor(),
          NpcsGrpc.getServiceDescriptor());
  private static final Set<Caller> ROLES =
      EnumSet.of(
          Caller.CALLER_MODERATOR,
          Caller.CALLER_DESIGNER,
          Caller.CALLER_OPERATOR,
          Caller.CALLER_ADMIN,
          Caller.CALLER_GAME_SERVER);

  @Property(tries = 3_000)
  void call_isAdmittedExactlyAsDeclared(
      @ForAll("methods") MethodDescriptor<?, ?> method,
      @ForAll("principals") Principal principal,
      @ForAll("services") Optional<String> service,
      @ForAll("owners") String owner,
      @ForAll("worlds") String world) {
    Descriptor input = contract(method).getInputType();
    Access access = contract(method).getOptions().getExtension(OptionsProto.access);
    DynamicMessage.Builder request = DynamicMessage.newBuilder(input);
    set(request, access.getOwnerField(), owner);
    set(request, access.getWorldField(), world);

    Status.Code code = decide(MethodPolicy.of(method), principal, service, request.build());

    assertThat(code).isEqualTo(expected(access, principal, service, owner, world));
  }

  @Test
  void admit_noToken_isUnauthenticated() {
    assertThat(decide("GetTime", Principal.ANONYMOUS, Optional.empty()))
        .isEqualTo(Status.Code.UNAUTHENTICATED);
  }

  @Test
  void admit_serviceTokenAsAuthorization_isNoService() {
    assertThat(decide("GetTime", Principal.service("npc-behavior"), Optional.empty()))
        .isEqualTo(Status.Code.PERMISSION_DENIED);
  }

  @Test
  void admit_service_isAdmittedByItsOwnToken() {
    assertThatCode(() ->
            Authorization.admit(policy("GetTime"), Principal.service("npc"), Optional.of("npc")))
        .doesNotThrowAnyException();
  }

  // Written from the prose of the contract options, not from the code.
  private static Status.Code expected(
      Access access, Principal principal, Optional<String> service, String owner, String world) {
    boolean admin = principal.roles().contains(Caller.CALLER_ADMIN);
    boolean operator =
        admin
            || principal.roles().contains(Caller.CALLER_OPERATOR)
            || principal.kind() == Principal.Kind.OPERATOR;
    boolean player =
        principal.kind() == Principal.Kind.PLAYER || principal.kind() == Principal.Kind.GUEST;
    boolean asPlayer = false;
    boolean asOther = false;
    for (Caller who : access.getWhoList()) {
      boolean matches =
          switch (who) {
            case CALLER_ANYONE -> true;
            case CALLER_PLAYER -> player;
            case CALLER_MODERATOR -> operator || principal.roles().contains(who);
            case CALLER_DESIGNER -> operator || principal.roles().contains(who);
            case CALLER_OPERATOR -> operator;
            case CALLER_ADMIN -> admin;
            case CALLER_SERVICE -> service.isPresent();
            case CALLER_GAME_SERVER -> principal.roles().contains(who);
            case CALLER_UNSPECIFIED, UNRECOGNIZED -> false;
          };
      asPlayer |= matches && who == Caller.CALLER_PLAYER;
      asOther |= matches && who != Caller.CALLER_PLAYER;
    }
    if (!asPlayer && !asOther) {
      return principal.kind() == Principal.Kind.ANONYMOUS
          ? Status.Code.UNAUTHENTICATED
          : Status.Code.PERMISSION_DENIED;
    }
    boolean foreignOwner =
        !access.getOwnerField().isEmpty() && !owner.isEmpty() && !owner.equals(principal.subject());
    if (!asOther && foreignOwner) {
      return Status.Code.PERMISSION_DENIED;
    }
    boolean foreignWorld =
        !access.getWorldField().isEmpty()
            && !world.isEmpty()
            && !principal.worlds().isEmpty()
            && !principal.worlds().contains(world);
    return foreignWorld ? Status.Code.PERMISSION_DENIED : Status.Code.OK;
  }

  private static Status.Code decide(String method, Principal principal, Optional<String> service) {
    return decide(
        policy(method), principal, service, vesper.time.v1.GetTimeRequest.getDefaultInstance());
  }

  private static Status.Code decide(
      MethodPolicy method, Principal principal, Optional<String> service, Message request) {
    StatusRuntimeException refused =
        catchThrowableOfType(
            StatusRuntimeException.class,
            () -> {
              boolean ownOnly = Authorization.admit(method, principal, service);
              Authorization.checkTarget(method, principal, ownOnly, request);
            });
    return refused == null ? Status.Code.OK : refused.getStatus().getCode();
  }

  private static MethodPolicy policy(String method) {
    return TimeGrpc.getServiceDescriptor().getMethods().stream()
        .filter(each -> method.equals(each.getBareMethodName()))
        .map(MethodPolicy::of)
        .findFirst()
        .orElseThrow();
  }

  private static void set(DynamicMessage.Builder request, String field, String value) {
    FieldDescriptor found = request.getDescriptorForType().findFieldByName(field);
    if (found != null) {
      request.setField(found, value);
    }
  }

  private static com.google.protobuf.Descriptors.MethodDescriptor contract(
      MethodDescriptor<?, ?> method) {
    if (method.getSchemaDescriptor() instanceof ProtoMethodDescriptorSupplier supplier) {
      return supplier.getMethodDescriptor();
    }
    throw new AssertionError(method.getFullMethodName());
  }

  @Provide
  Arbitrary<MethodDescriptor<?, ?>> methods() {
    return Arbitraries.of(
        SERVICES.stream().flatMap(service -> service.getMethods().stream()).toList());
  }

  @Provide
  Arbitrary<Principal> principals() {
    return Combinators.combine(
            Arbitraries.of(Principal.Kind.class),
            Arbitraries.of(ROLES).set().ofMaxSize(3),
            Arbitraries.of("harbor", "night").set().ofMaxSize(2))
        .as((kind, roles, worlds) ->
            kind == Principal.Kind.ANONYMOUS
                ? Principal.ANONYMOUS
                : new Principal("p1", kind, roles, worlds, ""));
  }

  @Provide
  Arbitrary<Optional<String>> services() {
    return Arbitraries.of(Optional.empty(), Optional.of("npc-behavior"));
  }

  @Provide
  Arbitrary<String> owners() {
    return Arbitraries.of("", "p1", "p2");
  }

  @Provide
  Arbitrary<String> worlds() {
    return Arbitraries.of("", "harbor", "night", "other");
  }
}
