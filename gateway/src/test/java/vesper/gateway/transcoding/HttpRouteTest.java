package vesper.gateway.transcoding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.api.HttpBody;
import com.google.api.HttpRule;
import com.google.protobuf.ByteString;
import com.google.protobuf.util.Durations;
import io.grpc.StatusRuntimeException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import vesper.gateway.transcoding.HttpRoutes.Match;
import vesper.gateway.trial.v1.Colour;
import vesper.gateway.trial.v1.Kinds;
import vesper.npc.v1.ConverseRequest;
import vesper.time.v1.StreamTimeRequest;
import vesper.time.v1.TickUnit;

class HttpRouteTest {
  private static final String CONVERSE = "/v1/worlds/body-broker/npcs/mara:converse";

  @Test
  void read_pathAndBody() {
    assertThat(Routes.read("POST", CONVERSE, "{\"utterance\": \"Hello\", \"player_id\": \"p\"}"))
        .isEqualTo(
            ConverseRequest.newBuilder()
                .setWorldId("body-broker")
                .setNpcId("mara")
                .setUtterance("Hello")
                .setPlayerId("p")
                .build());
  }

  @Test
  void read_pathAndQuery() {
    assertThat(Routes.read("GET", "/v1/worlds/w/time:stream?unit=TICK_UNIT_HOUR", ""))
        .isEqualTo(
            StreamTimeRequest.newBuilder()
                .setWorldId("w")
                .setUnit(TickUnit.TICK_UNIT_HOUR)
                .build());
  }

  @Test
  void read_queryOfEveryKind() {
    String query =
        "int32_value=-5&nested.text=a+b%26c&nested.nested.colour=2&texts=x&texts=y&numbers=9"
            + "&data=_-8&boolValue=true&doubleValue=NaN&at=1970-01-01T00:00:01Z&during=1.5s"
            + "&boxedNumber.value=7&perhaps=0";

    Kinds kinds = (Kinds) Routes.read("GET", "/v1/echo?" + query, "");

    assertThat(kinds.getInt32Value()).isEqualTo(-5);
    assertThat(kinds.getNested().getText()).isEqualTo("a b&c");
    assertThat(kinds.getNested().getNested().getColour()).isEqualTo(Colour.COLOUR_BLUE);
    assertThat(kinds.getTextsList()).containsExactly("x", "y");
    assertThat(kinds.getNumbersList()).containsExactly(9L);
    assertThat(kinds.getData()).isEqualTo(ByteString.copyFrom(new byte[] {-1, -17}));
    assertThat(kinds.getBoolValue()).isTrue();
    assertThat(kinds.getDoubleValue()).isNaN();
    assertThat(kinds.getAt().getSeconds()).isEqualTo(1);
    assertThat(kinds.getDuring()).isEqualTo(Durations.fromMillis(1500));
    assertThat(kinds.getBoxedNumber().getValue()).isEqualTo(7);
    assertThat(kinds.hasPerhaps()).isTrue();
  }

  @Test
  void read_variableOverSeveralSegments_keepsEncodedSlashes() {
    Kinds kinds = (Kinds) Routes.read("PUT", "/v1/echo/shelves/a%2Fb/books/c%20d/e", "");

    assertThat(kinds.getNested().getText()).isEqualTo("shelves/a%2Fb/books/c d/e");
  }

  @Test
  void read_variable_isDecoded() {
    assertThat(Routes.read("GET", "/v1/worlds/w/npcs/a%2Fb%3Ac", "").toString())
        .contains("npc_id: \"a/b:c\"");
  }

  @Test
  void read_bodyInOneField_restInTheQuery() {
    Kinds kinds = (Kinds) Routes.read("PATCH", "/v1/echo/7/nested?text=t", "{\"text\":\"n\"}");

    assertThat(kinds)
        .isEqualTo(
            Kinds.newBuilder()
                .setInt32Value(7)
                .setText("t")
                .setNested(Kinds.newBuilder().setText("n"))
                .build());
  }

  @Test
  void read_bodyInARepeatedField() {
    assertThat(((Kinds) Routes.read("PUT", "/v1/echo/texts", "[\"a\",\"b\"]")).getTextsList())
        .containsExactly("a", "b");
    assertThat(errors("PUT", "/v1/echo/texts", "[\"a\",1]"))
        .containsExactly(Map.entry("texts[1]", "must be a string and is a number"));
  }

  @Test
  void read_noBody_setsNothing() {
    assertThat(Routes.read("POST", CONVERSE, ""))
        .isEqualTo(ConverseRequest.newBuilder().setWorldId("body-broker").setNpcId("mara").build());
  }

  @Test
  void read_misspeltField_suggests() {
    assertThat(errors("POST", CONVERSE, "{\"utterence\":\"Hello\"}"))
        .containsExactly(Map.entry("utterence", "unknown field; did you mean 'utterance'?"));
  }

  @Test
  void read_everythingWrongAtOnce() {
    String body =
        "{\"text\":1,\"nested\":{\"nope\":true,\"many\":[{},{\"data\":\"?\"}]},"
            + "\"text\":\"again\",\"int32Value\":2147483648,\"colour\":\"COLOUR_REDD\"}";

    assertThat(errors("POST", "/v1/echo", body))
        .containsOnlyKeys("text", "nested.nope", "nested.many[1].data", "int32Value", "colour");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "{'text':'a','text':'b'}             | text              | is given twice",
        "{'int32Value':1,'int32_value':1}    | int32Value        | is given twice",
        "{'byName':{'a':{},'a':{}}}          | byName['a']       | is given twice",
        "{'byNumber':{'1':'a','1':'b'}}      | byNumber['1']     | is given twice",
        "{'byNumber':{'x':'a'}}              | byNumber['x']     | the key must be a whole number from -2147483648 to 2147483647",
        "{'byFlag':{'true':'COLOUR_GREY'}}   | byFlag['true']    | must be one of COLOUR_UNSPECIFIED, COLOUR_RED, COLOUR_BLUE; did you mean 'COLOUR_RED'?",
        "{'structure':{'a':[{'b':1,'b':2}]}} | structure['a'][0]['b'] | is given twice",
        "{'anything':1e999}                  | anything          | must be a number of at most 1.7976931348623157E308",
        "{'firstChoice':'a','secondChoice':{}} | secondChoice    | cannot be given together with 'firstChoice'",
        "{'numbers':[1,null]}                | numbers[1]        | must be a number and is null",
        "{'boolValue':'true'}                | boolValue         | must be true or false and is a string",
        "{'uint32Value':-1}                  | uint32Value       | must be a whole number from 0 to 4294967295",
        "{'uint64Value':18446744073709551616}| uint64Value       | must be a whole number from 0 to 18446744073709551615",
        "{'int64Value':1.5}                  | int64Value        | must be a whole number from -9223372036854775808 to 9223372036854775807",
        "{'int64Value':1e9999999}            | int64Value        | must be a whole number from -9223372036854775808 to 9223372036854775807",
        "{'uint64Value':1e9999}              | uint64Value       | must be a whole number from 0 to 18446744073709551615",
        "{'floatValue':1e39}                 | floatValue        | must be a number of at most 3.4028235E38",
        "{'doubleValue':'one'}               | doubleValue       | must be a number",
        "{'at':'yesterday'}                  | at                | must be an instant, as in 2026-01-31T23:59:59Z",
        "{'during':5}                        | during            | must be a string and is a number",
        "{'during':'5m'}                     | during            | must be a length of time in seconds, as in 1.5s",
        "{'boxedFlag':1}                     | boxedFlag         | must be true or false and is a number",
        "{'colour':9}                        | colour            | must be one of COLOUR_UNSPECIFIED, COLOUR_RED, COLOUR_BLUE",
        "{'many':{}}                         | many              | must be an array and is an object",
        "{'byName':[]}                       | byName            | must be an object and is an array",
        "{'list':{}}                         | list              | must be an array and is an object",
        "{'structure':[]}                    | structure         | must be an object and is an array",
        "{'nested':'x'}                      | nested            | must be an object and is a string",
        "{'colour':{}}                       | colour            | must be a name and is an object",
        "[]                                  | body              | must be an object and is an array",
        "{'nested':{'text':tru}}             | nested.text       | malformed JSON at line 1, column 19: expected a value",
        "{'text':'a'} {}                     | body              | malformed JSON at line 1, column 14: expected the end",
      })
  void read_wrongBody_tellsField(String body, String field, String complaint) {
    assertThat(errors("POST", "/v1/echo", body.replace('\'', '"')))
        .containsExactly(Map.entry(field.replace('\'', '"'), complaint));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "colur=1                 | colur          | unknown field; did you mean 'colour'?",
        "nested.colur=1          | nested.colur   | unknown field; did you mean 'colour'?",
        "text=a&text=b           | text           | is given twice",
        "text=%FF                | text           | is not UTF-8",
        "text=%4                 | text           | has a '%' without two hexadecimal digits",
        "nested=x                | nested         | is a message: give its fields one by one, as in nested.int32Value",
        "text.a=x                | text.a         | goes into a field that has no fields",
        "many.text=x             | many.text      | goes into a repeated field",
        "firstChoice=a&secondChoice.text=b | secondChoice.text | cannot be given together with 'firstChoice'",
        "int32Value=             | int32Value     | must be a whole number from -2147483648 to 2147483647",
        "=x                      | query          | unknown field",
      })
  void read_wrongQuery_tellsParameter(String query, String field, String complaint) {
    assertThat(errors("GET", "/v1/echo?" + query, "")).containsExactly(Map.entry(field, complaint));
  }

  @Test
  void read_fieldInTwoPlaces_isRefused() {
    assertThat(errors("POST", CONVERSE, "{\"npcId\":\"mara\"}"))
        .containsExactly(Map.entry("npcId", "is given by the URL and must not be in the body"));
    assertThat(errors("POST", CONVERSE + "?locale=en", "{}"))
        .containsExactly(Map.entry("locale", "is no parameter: the body carries the request"));
    assertThat(errors("GET", "/v1/worlds/w/time?worldId=x", ""))
        .containsExactly(Map.entry("worldId", "is given by the path"));
    assertThat(errors("PATCH", "/v1/echo/7/nested?nested.text=t", "{}"))
        .containsExactly(Map.entry("nested.text", "is given by the body"));
    assertThat(errors("PUT", "/v1/echo/shelves/a/books", "{\"nested\":{\"text\":\"t\"}}"))
        .containsOnlyKeys("nested.text");
  }

  @Test
  void read_bodyWhereNoneBelongs_isRefused() {
    assertThat(errors("GET", "/v1/worlds/w/time", "{}")).containsOnlyKeys("body");
  }

  @Test
  void read_wrongPathValue_tellsField() {
    assertThat(errors("PATCH", "/v1/echo/seven/nested", "{}")).containsOnlyKeys("int32Value");
    assertThat(errors("GET", "/v1/worlds/%FF/time", ""))
        .containsExactly(Map.entry("worldId", "is not UTF-8"));
  }

  @Test
  void find_customMethod() {
    assertThat(Routes.ALL.find("SEARCH", "/v1/echo/any/thing")).isInstanceOf(Match.Found.class);
  }

  @Test
  void find_internalRpc_hasNoRoute() {
    assertThat(Routes.RPCS)
        .extracting(Rpc::name)
        .doesNotContain("vesper.gateway.trial.v1.Trial/Hidden");
  }

  @Test
  void body_ofOneField() {
    Kinds reply = Kinds.newBuilder().setNested(Kinds.newBuilder().setPerhaps(3)).build();
    HttpRoute route = ((Match.Found) Routes.ALL.find("POST", "/v1/echo:nested")).route();

    assertThat(new String(route.body(reply), StandardCharsets.UTF_8)).contains("\"perhaps\":3");
    assertThat(route.mediaType(reply)).isEqualTo("application/json");
  }

  @Test
  void body_raw() {
    HttpBody reply =
        HttpBody.newBuilder()
            .setContentType("text/plain")
            .setData(ByteString.copyFromUtf8("as it is"))
            .build();
    HttpRoute route = ((Match.Found) Routes.ALL.find("GET", "/v1/page")).route();

    assertThat(new String(route.body(reply), StandardCharsets.UTF_8)).isEqualTo("as it is");
    assertThat(route.mediaType(reply)).isEqualTo("text/plain");
  }

  @Test
  void of_ruleThatDoesNotFit_stopsTheStart() {
    assertRefused(rule -> rule.setPost("/v1/{nope}"), "nope");
    assertRefused(rule -> rule.setPost("/v1/{nested}"), "nested");
    assertRefused(rule -> rule.setPost("/v1/{texts}"), "texts");
    assertRefused(rule -> rule.setPost("/v1/x").setBody("nope"), "nope");
    assertRefused(rule -> rule.setPost("/v1/x").setBody("*").setResponseBody("texts"), "texts");
    assertRefused(rule -> rule.setPost("v1/x"), "malformed");
    assertRefused(HttpRule.Builder::clearPattern, "malformed");
  }

  @Test
  void of_twoRulesForTheSameRequests_stopsTheStart() {
    Rpc echo = echo();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> HttpRoutes.of(List.of(echo, echo)))
        .withMessageContaining("POST /v1/echo of vesper.gateway.trial.v1.Trial/Echo");
  }

  private static void assertRefused(UnaryOperator<HttpRule.Builder> rule, String part) {
    Rpc echo = echo();
    Rpc changed =
        new Rpc(
            echo.method(),
            echo.request(),
            echo.reply(),
            rule.apply(HttpRule.newBuilder()).build(),
            echo.manners());
    assertThatIllegalArgumentException()
        .isThrownBy(() -> HttpRoutes.of(List.of(changed)))
        .withMessageContainingAll("Trial/Echo", part);
  }

  private static Rpc echo() {
    return Routes.RPCS.stream()
        .filter(rpc -> rpc.name().endsWith("/Echo"))
        .findFirst()
        .orElseThrow();
  }

  private static Map<String, String> errors(String method, String target, String body) {
    Map<String, String> errors = new TreeMap<>();
    assertThatThrownBy(() -> Routes.read(method, target, body))
        .isInstanceOfSatisfying(
            StatusRuntimeException.class,
            refusal -> {
              Problem problem = Problem.of(refusal);
              assertThat(problem.status()).isEqualTo(400);
              problem.errors().forEach(error -> errors.put(error.field(), error.message()));
            });
    return errors;
  }
}
