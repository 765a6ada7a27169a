package vesper.gateway.openapi;

import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.EnumDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import com.google.protobuf.DescriptorProtos.ServiceDescriptorProto;
import com.google.protobuf.DescriptorProtos.SourceCodeInfo.Location;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URL;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The comments of contracts, by the full names of what they describe. Generated code does not hold
/// them; they come from the descriptor files that the builds of contracts put beside it.
final class Comments {
  private static final String RESOURCE = "vesper/protocol.binpb";

  private final Map<String, String> texts = new HashMap<>();

  private Comments() {}

  /// Reads every descriptor file of the class path.
  static Comments load() {
    Comments comments = new Comments();
    try {
      for (URL found : Collections.list(Comments.class.getClassLoader().getResources(RESOURCE))) {
        try (InputStream in = found.openStream()) {
          FileDescriptorSet.parseFrom(in).getFileList().forEach(comments::add);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return comments;
  }

  /// The comment on something, or an empty text.
  String of(String fullName) {
    return texts.getOrDefault(fullName, "");
  }

  /// The first sentence of a text.
  static String firstSentence(String text) {
    int end = text.indexOf(". ");
    String sentence = end < 0 ? text : text.substring(0, end);
    return sentence.endsWith(".") ? sentence.substring(0, sentence.length() - 1) : sentence;
  }

  private void add(FileDescriptorProto file) {
    Map<List<Integer>, String> byPath =
        file.getSourceCodeInfo().getLocationList().stream()
            .filter(Location::hasLeadingComments)
            .collect(
                Collectors.toMap(
                    Location::getPathList,
                    location -> text(location.getLeadingComments()),
                    (first, second) -> first));
    String scope = file.getPackage().isEmpty() ? "" : file.getPackage() + ".";
    for (int i = 0; i < file.getMessageTypeCount(); i++) {
      message(file.getMessageType(i), scope, List.of(4, i), byPath);
    }
    for (int i = 0; i < file.getEnumTypeCount(); i++) {
      enumeration(file.getEnumType(i), scope, List.of(5, i), byPath);
    }
    for (int i = 0; i < file.getServiceCount(); i++) {
      service(file.getService(i), scope, List.of(6, i), byPath);
    }
  }

  // The numbers are those of the fields in descriptor.proto, by which locations are told.
  private void message(
      DescriptorProto type, String scope, List<Integer> path, Map<List<Integer>, String> byPath) {
    String name = scope + type.getName();
    put(name, byPath.get(path));
    for (int i = 0; i < type.getFieldCount(); i++) {
      put(name + "." + type.getField(i).getName(), byPath.get(longer(path, 2, i)));
    }
    for (int i = 0; i < type.getNestedTypeCount(); i++) {
      message(type.getNestedType(i), name + ".", longer(path, 3, i), byPath);
    }
    for (int i = 0; i < type.getEnumTypeCount(); i++) {
      enumeration(type.getEnumType(i), name + ".", longer(path, 4, i), byPath);
    }
  }

  private void enumeration(
      EnumDescriptorProto type,
      String scope,
      List<Integer> path,
      Map<List<Integer>, String> byPath) {
    put(scope + type.getName(), byPath.get(path));
    for (int i = 0; i < type.getValueCount(); i++) {
      // Values are siblings of their type.
      put(scope + type.getValue(i).getName(), byPath.get(longer(path, 2, i)));
    }
  }

  private void service(
      ServiceDescriptorProto type,
      String scope,
      List<Integer> path,
      Map<List<Integer>, String> byPath) {
    String name = scope + type.getName();
    put(name, byPath.get(path));
    for (int i = 0; i < type.getMethodCount(); i++) {
      put(name + "." + type.getMethod(i).getName(), byPath.get(longer(path, 2, i)));
    }
  }

  private void put(String name, @Nullable String text) {
    if (text != null) {
      texts.put(name, text);
    }
  }

  private static List<Integer> longer(List<Integer> path, int field, int index) {
    return Stream.concat(path.stream(), Stream.of(field, index)).toList();
  }

  // Lines of one comment are one paragraph; what is meant for a linter is left out.
  private static String text(String comment) {
    return comment
        .lines()
        .map(String::strip)
        .filter(line -> !line.startsWith("buf:lint:"))
        .collect(Collectors.joining(" "))
        .strip();
  }
}
