package vesper.launcher;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.MethodDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.JsonFormat;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.StatusException;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.ProtoUtils;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import vesper.gateway.transcoding.Problem;
import vesper.gateway.transcoding.StrictJson;
import vesper.runtime.Suggestions;

/// Calls any public rpc, with JSON in and out.
@Command(
    name = "call",
    description = "Calls an rpc with JSON; a stream is printed line by line.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Examples:",
      "  ./vesper call                                     every rpc there is",
      "  ./vesper call time.Time/GetTime '{\"worldId\": \"body-broker\"}'",
      "  ./vesper call time.Time/SetClockRate '{\"worldId\": \"body-broker\", \"rate\": {\"numerator\": 600, \"denominator\": 1}}'",
      "  echo '{}' | ./vesper call auth.Auth/GetJwks -     JSON from standard input",
      "",
      "vesper.time.v1.Time may be written time.Time. Calls are made as the operator, or with --player as a player."
    })
final class CallCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private SystemOptions options = new SystemOptions();

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "PACKAGE.Service/Method",
      description = "What to call; absent: list everything.")
  private @Nullable String target;

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "JSON",
      defaultValue = "{}",
      description =
          "The request in proto3 JSON, `-` for standard input (default: ${DEFAULT-VALUE}).")
  private String json = "{}";

  @Option(names = "--player", paramLabel = "NAME", description = "Call as this player of `talk`.")
  private @Nullable String player;

  @Option(
      names = "--key",
      paramLabel = "KEY",
      description = "Idempotency key (default: a new one).")
  private String key = UUID.randomUUID().toString();

  @Option(
      names = "--timeout",
      paramLabel = "SECONDS",
      defaultValue = "30",
      description = "Deadline of a call that is not a stream (default: ${DEFAULT-VALUE}).")
  private int timeout = 30;

  @Override
  public Integer call() throws Exception {
    RunningSystem system = options.running();
    PrintWriter out = spec.commandLine().getOut();
    try (GatewayClient gateway = new GatewayClient(system.gateway())) {
      Reflection reflection = new Reflection(gateway.anonymous());
      if (target == null) {
        for (MethodDescriptor method : all(reflection)) {
          out.printf(
              "%s/%s%s%n",
              method.getService().getFullName(),
              method.getName(),
              method.isServerStreaming() ? " (stream)" : "");
        }
        return 0;
      }
      MethodDescriptor method = find(reflection, target);
      DynamicMessage request = parse(method);
      String token =
          player == null
              ? Operator.token(options.dataDirectory())
              : PlayerCredential.of(options.dataDirectory(), player)
                  .login(gateway, system.world())
                  .getAccessToken();
      Metadata headers = new Metadata();
      headers.put(GatewayClient.IDEMPOTENCY_KEY, key);
      Channel channel =
          ClientInterceptors.intercept(
              gateway.as(token), MetadataUtils.newAttachHeadersInterceptor(headers));
      invoke(channel, method, request, out);
    }
    return 0;
  }

  private void invoke(
      Channel channel, MethodDescriptor method, DynamicMessage request, PrintWriter out)
      throws InvalidProtocolBufferException {
    io.grpc.MethodDescriptor<DynamicMessage, DynamicMessage> call =
        io.grpc.MethodDescriptor.<DynamicMessage, DynamicMessage>newBuilder()
            .setFullMethodName(
                io.grpc.MethodDescriptor.generateFullMethodName(
                    method.getService().getFullName(), method.getName()))
            .setType(method.isServerStreaming() ? MethodType.SERVER_STREAMING : MethodType.UNARY)
            .setRequestMarshaller(
                ProtoUtils.marshaller(DynamicMessage.getDefaultInstance(method.getInputType())))
            .setResponseMarshaller(
                ProtoUtils.marshaller(DynamicMessage.getDefaultInstance(method.getOutputType())))
            .build();
    JsonFormat.Printer printer = JsonFormat.printer().alwaysPrintFieldsWithNoPresence();
    if (method.isServerStreaming()) {
      Iterator<DynamicMessage> items =
          ClientCalls.blockingServerStreamingCall(
              channel, call, io.grpc.CallOptions.DEFAULT, request);
      while (items.hasNext()) {
        out.println(printer.omittingInsignificantWhitespace().print(items.next()));
        out.flush();
      }
    } else {
      out.println(
          printer.print(
              ClientCalls.blockingUnaryCall(
                  channel, call, GatewayClient.within(timeout), request)));
    }
  }

  private DynamicMessage parse(MethodDescriptor method) throws IOException {
    String text =
        json.equals("-") ? new String(System.in.readAllBytes(), StandardCharsets.UTF_8) : json;
    DynamicMessage.Builder builder = DynamicMessage.newBuilder(method.getInputType());
    try {
      StrictJson.read(text, builder);
    } catch (StatusRuntimeException refused) {
      List<String> complaints =
          Problem.of(refused).errors().stream()
              .map(error -> "  " + error.field() + ": " + error.message())
              .toList();
      List<String> fields =
          method.getInputType().getFields().stream().map(FieldDescriptor::getJsonName).toList();
      throw new CommandFailure(
          "the request does not fit %s:%n%s%n  its fields: %s"
              .formatted(
                  method.getInputType().getFullName(),
                  String.join(System.lineSeparator(), complaints),
                  String.join(", ", fields)),
          CommandFailure.USAGE);
    }
    return builder.build();
  }

  private static MethodDescriptor find(Reflection reflection, String wanted)
      throws StatusException, InterruptedException {
    List<String> names = new ArrayList<>();
    for (MethodDescriptor method : all(reflection)) {
      String full = method.getService().getFullName() + "/" + method.getName();
      if (wanted.equals(full) || wanted.equals(shortName(full))) {
        return method;
      }
      names.add(full);
      names.add(shortName(full));
    }
    throw new CommandFailure(
        "there is no rpc %s%s. See them all: ./vesper call"
            .formatted(
                wanted,
                Suggestions.nearest(wanted, names)
                    .map(near -> "; did you mean " + near)
                    .orElse("")),
        CommandFailure.USAGE);
  }

  /// Turns `vesper.time.v1.Time/GetTime` into `time.Time/GetTime`.
  private static String shortName(String full) {
    return full.replaceFirst("^vesper\\.([a-z]+)\\.v[0-9]+\\.", "$1.");
  }

  private static List<MethodDescriptor> all(Reflection reflection)
      throws StatusException, InterruptedException {
    List<MethodDescriptor> methods = new ArrayList<>();
    for (String service : reflection.services()) {
      if (service.startsWith("vesper.")) {
        methods.addAll(reflection.methods(service));
      }
    }
    return methods;
  }
}
