package vesper.bench.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JudgeTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "at vesper.time.TimeService.getTime(TimeService.java:31)",
        "java.lang.NullPointerException: x",
        "NullPointerException",
        "com.linecorp.armeria.common.grpc.protocol.ArmeriaMessageDeframer: too large",
        "vesper.runtime.Refusal",
        "PSQLException: ERROR: relation \"npc.turn\" does not exist",
        "select id, name from npc.turn",
        "cannot open /root/data/keys",
        "nats://vesper:secret@127.0.0.1:4222"
      })
  void leak_wordsAboutTheInside_areFound(String text) {
    assertThat(Judge.leak(text)).isPresent();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "worldId: no world '../../..'; did you mean 'body-broker'?",
        "vesper.time.v1.Time/GetTime does not answer at the moment",
        "Internal Server Error",
        "/v1/worlds/{world_id}",
        "select one of them"
      })
  void leak_otherWords_arePassed(String text) {
    assertThat(Judge.leak(text)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"2, true", "13, true", "15, true", "0, false", "3, false", "14, false"})
  void call_byItsStatus(int code, boolean wrong) {
    assertThat(Judge.call(code, "").isPresent()).isEqualTo(wrong);
  }

  @Test
  void http_refusalsMustBeProblems() {
    assertThat(Judge.http(answer(200, "application/json", "{}"))).isEmpty();
    assertThat(Judge.http(answer(400, "application/problem+json", "{\"code\":\"NOT_FOUND\"}")))
        .isEmpty();
    assertThat(Judge.http(answer(400, "text/html", "<b>"))).isPresent();
    assertThat(Judge.http(answer(500, "application/problem+json", "{}"))).isPresent();
    assertThat(Judge.http(answer(200, "text/event-stream", "data: {\"code\":\"INTERNAL\"}")))
        .isPresent();
    assertThat(
            Judge.http(answer(404, "application/problem+json", "java.util.NoSuchElementException")))
        .isPresent();
  }

  private static HttpWire.Answer answer(int status, String type, String body) {
    return new HttpWire.Answer(
        status, List.of("content-type: " + type), ByteString.copyFromUtf8(body), true);
  }
}
