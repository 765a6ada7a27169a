package vesper.gateway;

import com.google.protobuf.Descriptors.FileDescriptor;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpHeaders;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.RequestHeadersBuilder;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.common.ResponseHeadersBuilder;
import com.linecorp.armeria.common.grpc.GrpcSerializationFormats;
import com.linecorp.armeria.server.grpc.GrpcService;
import io.grpc.Channel;
import io.grpc.ServerInterceptors;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.health.v1.HealthProto;
import io.grpc.protobuf.services.HealthStatusManager;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import io.grpc.reflection.v1.ServerReflectionProto;
import io.netty.util.AsciiString;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import vesper.gateway.transcoding.Problem;
import vesper.gateway.transcoding.Rpc;

/// Answers gRPC and gRPC-Web: the public rpcs of all services, reflection and health.
final class GrpcEdge {
  private static final Logger log = LoggerFactory.getLogger(GrpcEdge.class);

  private final HealthStatusManager health = new HealthStatusManager();
  private final Set<String> names = new LinkedHashSet<>();
  private final GrpcService service;

  GrpcEdge(GatewayConfig config, List<Rpc> rpcs, Door door, Channel channel) {
    Map<String, ServerServiceDefinition.Builder> services = new LinkedHashMap<>();
    Set<FileDescriptor> files = new LinkedHashSet<>();
    for (Rpc rpc : rpcs) {
      GrpcCall call = new GrpcCall(rpc, door, channel, config);
      services
          .computeIfAbsent(rpc.service(), ServerServiceDefinition::builder)
          .addMethod(call.method(), call);
      files.add(rpc.file());
    }
    names.addAll(services.keySet());
    names.add(HealthGrpc.SERVICE_NAME);
    names.add(ServerReflectionGrpc.SERVICE_NAME);
    files.add(HealthProto.getDescriptor());
    files.add(ServerReflectionProto.getDescriptor());
    GrpcReflection reflection = new GrpcReflection(List.copyOf(files), names);
    names.forEach(name -> health.setStatus(name, ServingStatus.SERVING));
    ToolStreams tools = new ToolStreams();
    int messageMax = config.messageMax().asInt();
    service =
        GrpcService.builder()
            .addServiceDefinitions(
                services.values().stream().map(ServerServiceDefinition.Builder::build).toList())
            .addService(ServerInterceptors.intercept(health.getHealthService(), tools))
            .addService(ServerInterceptors.intercept(reflection, tools))
            .addService(ServerInterceptors.intercept(reflection.alpha(), tools))
            .supportedSerializationFormats(
                GrpcSerializationFormats.PROTO,
                GrpcSerializationFormats.PROTO_WEB,
                GrpcSerializationFormats.PROTO_WEB_TEXT)
            .maxRequestMessageLength(messageMax)
            .maxResponseMessageLength(messageMax)
            .useMethodMarshaller(true)
            .useClientTimeoutHeader(false)
            .exceptionHandler((context, status, cause, metadata) -> refusal(status, cause))
            .build();
  }

  GrpcService service() {
    return service;
  }

  /// Tells health checks that the edge goes away.
  void drain() {
    names.forEach(name -> health.setStatus(name, ServingStatus.NOT_SERVING));
    health.setStatus("", ServingStatus.NOT_SERVING);
  }

  /// What a client is told of a call that the engine itself refuses. The engine's words name its
  /// classes, and it calls a malformed message a failure of its own.
  private static Status refusal(Status status, Throwable cause) {
    log.atDebug().setCause(cause).log("A call over gRPC was refused");
    return switch (status.getCode()) {
      case RESOURCE_EXHAUSTED ->
          Status.RESOURCE_EXHAUSTED.withDescription("the message is larger than this edge takes");
      case CANCELLED, DEADLINE_EXCEEDED, UNAVAILABLE -> status.getCode().toStatus();
      case UNIMPLEMENTED ->
          Status.UNIMPLEMENTED.withDescription("messages in this encoding are not taken");
      default -> Status.INVALID_ARGUMENT.withDescription("this is no message of gRPC");
    };
  }

  /// The request without the metadata in base64 that no rpc here reads: the engine would decode it,
  /// and fails where that is not possible.
  static HttpRequest readable(HttpRequest request) {
    if (request.headers().names().stream().noneMatch(GrpcEdge::isBinary)) {
      return request;
    }
    return request.mapHeaders(headers -> {
      RequestHeadersBuilder kept = headers.toBuilder();
      headers.names().stream().filter(GrpcEdge::isBinary).forEach(kept::remove);
      return kept.build();
    });
  }

  private static boolean isBinary(AsciiString name) {
    return name.endsWith("-bin");
  }

  /// Whether a request is gRPC or gRPC-Web.
  static boolean isGrpc(HttpRequest request) {
    MediaType type = request.contentType();
    return type != null
        && type.type().equals("application")
        && (type.subtype().equals("grpc")
            || type.subtype().startsWith("grpc+")
            || type.subtype().startsWith("grpc-web"));
  }

  /// The answer to a call that is not let through to any rpc.
  static HttpResponse refused(HttpRequest request, Problem problem) {
    MediaType type = request.contentType();
    boolean web = type != null && type.subtype().startsWith("grpc-web");
    ResponseHeadersBuilder head =
        ResponseHeaders.builder(HttpStatus.OK)
            .contentType(type == null ? GrpcSerializationFormats.PROTO.mediaType() : type);
    String status = Integer.toString(problem.code().value());
    if (web) {
      // Without a body there is no place but the headers for the status.
      return HttpResponse.of(
          head.set("grpc-status", status).set("grpc-message", problem.detail()).build());
    }
    // As trailers, because the engine ends a response of headers alone with an empty data frame.
    return HttpResponse.of(
        head.build(),
        HttpData.empty(),
        HttpHeaders.builder()
            .set("grpc-status", status)
            .set("grpc-message", problem.detail())
            .build());
  }
}
