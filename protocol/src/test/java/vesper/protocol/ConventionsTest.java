package vesper.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.api.AnnotationsProto;
import com.google.api.HttpRule;
import com.google.protobuf.DescriptorProtos.MethodOptions.IdempotencyLevel;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.MethodDescriptor;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import vesper.events.v1.EventStream;
import vesper.options.v1.Access;
import vesper.options.v1.Caller;
import vesper.options.v1.Event;
import vesper.options.v1.Exposure;
import vesper.options.v1.IdempotencyKey;
import vesper.options.v1.OptionsProto;
import vesper.options.v1.Visibility;

class ConventionsTest {
  static Stream<MethodDescriptor> methods() {
    return Contracts.methods();
  }

  static Stream<Descriptor> events() {
    return Contracts.events();
  }

  @ParameterizedTest
  @MethodSource("methods")
  void rpc_declaresAccessExposureAndDeadline(MethodDescriptor method) {
    Access access = method.getOptions().getExtension(OptionsProto.access);
    assertThat(access.getWhoList()).isNotEmpty().doesNotContain(Caller.CALLER_UNSPECIFIED);
    assertThat(method.getOptions().getExtension(OptionsProto.exposure))
        .isNotEqualTo(Exposure.EXPOSURE_UNSPECIFIED);
    assertThat(method.getOptions().hasExtension(OptionsProto.deadline)).isTrue();
    if (!access.getOwnerField().isEmpty()) {
      assertThat(field(method.getInputType(), access.getOwnerField())).isNotNull();
    }
    if (!access.getWorldField().isEmpty()) {
      assertThat(field(method.getInputType(), access.getWorldField())).isNotNull();
    }
  }

  @ParameterizedTest
  @MethodSource("methods")
  void rpc_boundsItsCallsSensiblyIfAtAll(MethodDescriptor method) {
    if (method.getOptions().hasExtension(OptionsProto.maxInFlight)) {
      assertThat(method.getOptions().getExtension(OptionsProto.maxInFlight)).isBetween(1, 10_000);
    }
  }

  @ParameterizedTest
  @MethodSource("methods")
  void rpc_declaresIdempotency(MethodDescriptor method) {
    boolean byLevel =
        method.getOptions().getIdempotencyLevel() != IdempotencyLevel.IDEMPOTENCY_UNKNOWN;
    boolean byKey =
        method.getOptions().getExtension(OptionsProto.idempotencyKey)
            != IdempotencyKey.IDEMPOTENCY_KEY_UNSPECIFIED;
    assertThat(byLevel ^ byKey).as("either idempotency_level or idempotency_key").isTrue();
  }

  @ParameterizedTest
  @MethodSource("methods")
  void keyedRpc_isForNamedCallersOnly(MethodDescriptor method) {
    IdempotencyKey key = method.getOptions().getExtension(OptionsProto.idempotencyKey);
    boolean keyed =
        key == IdempotencyKey.IDEMPOTENCY_KEY_ACCEPTED
            || key == IdempotencyKey.IDEMPOTENCY_KEY_REQUIRED;
    // A kept answer belongs to a principal; callers without a token would read each other's.
    assertThat(keyed && callers(method).contains(Caller.CALLER_ANYONE)).isFalse();
  }

  @ParameterizedTest
  @MethodSource("methods")
  void publicRpc_hasOneHttpBinding(MethodDescriptor method) {
    boolean isPublic =
        method.getOptions().getExtension(OptionsProto.exposure) == Exposure.EXPOSURE_PUBLIC;
    assertThat(method.getOptions().hasExtension(AnnotationsProto.http)).isEqualTo(isPublic);
    HttpRule rule = method.getOptions().getExtension(AnnotationsProto.http);
    if (rule.getPatternCase() == HttpRule.PatternCase.GET) {
      assertThat(method.getOptions().getIdempotencyLevel())
          .isEqualTo(IdempotencyLevel.NO_SIDE_EFFECTS);
    }
  }

  @Test
  void methodNames_areUniqueInADomain() {
    Set<String> seen = new HashSet<>();
    Contracts.methods()
        .forEach(method -> {
          String name = method.getFile().getPackage() + "/" + method.getName();
          assertThat(seen.add(name)).as(name).isTrue();
        });
  }

  @ParameterizedTest
  @MethodSource("events")
  void event_hasNameVisibilityAndPartition(Descriptor message) {
    Event event = message.getOptions().getExtension(OptionsProto.event);
    assertThat(event.getName()).matches("[a-z][a-z_]*");
    assertThat(event.getVisibility()).isNotEqualTo(Visibility.VISIBILITY_UNSPECIFIED);
    assertThat(message.findFieldByName(event.getPartitionField())).isNotNull();
  }

  @ParameterizedTest
  @MethodSource("events")
  void event_isInExactlyOneStream(Descriptor message) {
    String domain = message.getFile().getPackage().split("\\.", -1)[1];
    List<String> streams = new ArrayList<>();
    EventStream.getDescriptor().getValues().stream()
        .map(value -> value.getOptions().getExtension(OptionsProto.stream))
        .filter(stream -> stream.getSubjectsList().contains("evt." + domain + ".>"))
        .forEach(stream -> streams.add(stream.getName()));
    assertThat(streams).as("streams of domain " + domain).hasSize(1);
  }

  private static List<Caller> callers(MethodDescriptor method) {
    return method.getOptions().getExtension(OptionsProto.access).getWhoList();
  }

  private static @Nullable FieldDescriptor field(Descriptor message, String path) {
    Descriptor at = message;
    FieldDescriptor found = null;
    for (String name : path.split("\\.", -1)) {
      found = at.findFieldByName(name);
      if (found == null) {
        return null;
      }
      if (found.getJavaType() == FieldDescriptor.JavaType.MESSAGE) {
        at = found.getMessageType();
      }
    }
    return found;
  }
}
