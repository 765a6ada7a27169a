package vesper.gateway.transcoding;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.util.JsonFormat;
import java.util.Set;

/// Reads messages from JSON as the edge does, for programs that speak to it in other ways.
public final class StrictJson {
  private StrictJson() {}

  /// Reads a message.
  ///
  /// @param json an object in proto3 JSON
  /// @throws io.grpc.StatusRuntimeException INVALID_ARGUMENT with every field that is wrong
  public static void read(String json, Message.Builder into) {
    Findings findings = new Findings();
    Shape shape = new Shape.Catalog().of(into.getDescriptorForType());
    new JsonCheck(json, findings, Set.of()).message(shape);
    findings.check();
    try {
      JsonFormat.parser().merge(json, into);
    } catch (InvalidProtocolBufferException e) {
      findings.add("body", "is no " + shape.type().getName());
      findings.check();
    }
  }
}
