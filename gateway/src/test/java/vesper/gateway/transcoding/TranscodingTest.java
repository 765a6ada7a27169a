package vesper.gateway.transcoding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import com.google.protobuf.Message;
import com.google.protobuf.util.JsonFormat;
import io.grpc.StatusRuntimeException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import vesper.gateway.transcoding.HttpRoutes.Match;
import vesper.gateway.trial.v1.Kinds;

/// What holds for every contract and every content.
class TranscodingTest {
  private static final List<HttpRoute> WITH_BODY =
      Routes.ALL.all().stream()
          .filter(route -> route.method().equals("POST") && route.template().variables().size() < 4)
          .toList();

  @Property(tries = 400)
  void request_anyContent_arrivesAsItWas(@ForAll long seed) throws Exception {
    RandomMessages random = new RandomMessages(seed);
    HttpRoute route = WITH_BODY.get((int) Long.remainderUnsigned(seed, WITH_BODY.size()));
    Message message = random.like(route.rpc().request());
    Message.Builder body = message.toBuilder();
    Message.Builder expected = message.toBuilder();
    List<String> segments = segments(route, body, expected);

    String json = JsonFormat.printer().print(body);

    assertThat(route.read(segments, "", json, HeaderFields.NONE)).isEqualTo(expected.build());
  }

  @Property(tries = 400)
  void reply_anyContent_isReadBack(@ForAll long seed) throws Exception {
    Message message = new RandomMessages(seed).like(Kinds.getDefaultInstance());

    String json = new String(new JsonReply(8).print(message).toBytes(), StandardCharsets.UTF_8);

    Message.Builder read = Kinds.newBuilder();
    JsonFormat.parser().merge(json, read);
    assertThat(read.build()).isEqualTo(message);
    assertThat(JsonParser.parseString(json))
        .isEqualTo(
            JsonParser.parseString(
                JsonFormat.printer().alwaysPrintFieldsWithNoPresence().print(message)));
    assertThat(json).doesNotContain("\n");
  }

  @Property(tries = 400)
  void request_oneFault_isToldWithItsPath(@ForAll long seed) throws Exception {
    Random random = new Random(seed);
    HttpRoute route = ((Match.Found) Routes.ALL.find("POST", "/v1/echo")).route();
    Message message = new RandomMessages(seed).like(route.rpc().request());
    JsonObject json = JsonParser.parseString(JsonFormat.printer().print(message)).getAsJsonObject();
    List<Fault> faults = new ArrayList<>();
    collect(json, "", faults);
    Fault fault = faults.get(random.nextInt(faults.size()));

    try {
      route.read(List.of(), "", print(json, fault), HeaderFields.NONE);
      fail("no complaint about " + fault.path() + " in " + print(json, fault));
    } catch (StatusRuntimeException e) {
      assertThat(Problem.of(e).errors())
          .extracting(Problem.FieldError::field)
          .as(print(json, fault))
          .containsExactly(fault.path());
    }
  }

  /// One thing to do wrong to an element.
  private record Fault(JsonElement at, String path, Kind kind) {
    enum Kind {
      UNKNOWN_MEMBER,
      MEMBER_TWICE,
      WRONG_TYPE
    }

    // Equal elements stand in several places.
    @SuppressWarnings("ReferenceEquality")
    boolean isAt(JsonElement element) {
      return at == element;
    }
  }

  // Faults in the members of objects that stand for messages of type Kinds.
  private static void collect(JsonObject kinds, String path, List<Fault> faults) {
    faults.add(new Fault(kinds, path + "surelyUnknown", Fault.Kind.UNKNOWN_MEMBER));
    for (Map.Entry<String, JsonElement> member : kinds.entrySet()) {
      String name = member.getKey();
      JsonElement value = member.getValue();
      String at = path + name;
      faults.add(new Fault(value, at, Fault.Kind.MEMBER_TWICE));
      if (!name.equals("anything") || value.isJsonNull()) {
        faults.add(new Fault(value, at, Fault.Kind.WRONG_TYPE));
      }
      switch (name) {
        case "nested", "secondChoice" -> collect(value.getAsJsonObject(), at + ".", faults);
        case "many" -> {
          int index = 0;
          for (JsonElement element : value.getAsJsonArray()) {
            collect(element.getAsJsonObject(), at + "[" + index++ + "].", faults);
          }
        }
        case "numbers", "texts", "colours" -> {
          int index = 0;
          for (JsonElement element : value.getAsJsonArray()) {
            faults.add(new Fault(element, at + "[" + index++ + "]", Fault.Kind.WRONG_TYPE));
          }
        }
        default -> {}
      }
    }
    faults.removeIf(fault -> fault.at().isJsonNull());
  }

  private static String print(JsonElement element, Fault fault) {
    boolean here = fault.isAt(element);
    if (here && fault.kind() == Fault.Kind.WRONG_TYPE) {
      return element.isJsonObject() ? "17" : "{}";
    }
    if (element instanceof JsonObject object) {
      List<String> members = new ArrayList<>();
      for (Map.Entry<String, JsonElement> member : object.entrySet()) {
        String printed = new JsonPrimitive(member.getKey()) + ":" + print(member.getValue(), fault);
        members.add(printed);
        if (fault.isAt(member.getValue()) && fault.kind() == Fault.Kind.MEMBER_TWICE) {
          members.add(printed);
        }
      }
      if (here && fault.kind() == Fault.Kind.UNKNOWN_MEMBER) {
        members.add("\"surelyUnknown\":{\"anything\":[1,{}]}");
      }
      return "{" + String.join(",", members) + "}";
    }
    if (element instanceof JsonArray array) {
      List<String> elements = new ArrayList<>();
      array.forEach(each -> elements.add(print(each, fault)));
      return "[" + String.join(",", elements) + "]";
    }
    return element.toString();
  }

  // Moves what the path carries from the body to the segments of a path.
  private static List<String> segments(
      HttpRoute route, Message.Builder body, Message.Builder expected) throws Unreadable {
    List<String> segments = new ArrayList<>();
    for (PathTemplate.Segment segment : route.template().segments()) {
      segments.add(segment instanceof PathTemplate.Segment.Literal literal ? literal.text() : "x");
    }
    for (PathTemplate.Variable variable : route.template().variables()) {
      FieldPath field = FieldPath.resolve(body.getDescriptorForType(), variable.field());
      String value = "w ü/%" + variable.from();
      segments.set(
          variable.from(),
          java.net.URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20"));
      body.clearField(field.leaf());
      expected.setField(field.leaf(), value);
    }
    return segments;
  }
}
