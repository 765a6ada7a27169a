package vesper.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.encoder.Encoder;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import org.slf4j.event.KeyValuePair;

class LogEncodersTest {
  private final LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
  private final CallContext call = CallContext.of(TestCalls.PLAYER, "request-1");

  @Test
  void line_ofACall_carriesItsRequestIdAndStaysOneLine() {
    String line = call.call(() -> encode(new LogLineEncoder(), "two\nlines", null));

    assertThat(line)
        .endsWith(" WARN Probe: Something happened answer=two lines requestId=request-1\n");
  }

  @Test
  void json_ofACall_carriesItsRequestIdAndTheException() {
    JsonObject line =
        JsonParser.parseString(
                call.call(
                    () -> encode(new LogJsonEncoder(), "42", new IllegalStateException("why"))))
            .getAsJsonObject();

    assertThat(line.get("level").getAsString()).isEqualTo("WARN");
    assertThat(line.get("message").getAsString()).isEqualTo("Something happened");
    assertThat(line.get("answer").getAsString()).isEqualTo("42");
    assertThat(line.get("requestId").getAsString()).isEqualTo("request-1");
    assertThat(line.get("exception").getAsString()).contains("IllegalStateException: why");
  }

  @Test
  void line_outsideACall_hasOnlyItsOwnData() {
    assertThat(encode(new LogLineEncoder(), "42", null))
        .endsWith(" WARN Probe: Something happened answer=42\n");
  }

  private String encode(
      Encoder<ch.qos.logback.classic.spi.ILoggingEvent> encoder,
      String answer,
      @Nullable Throwable thrown) {
    LoggingEvent event =
        new LoggingEvent(
            "test",
            context.getLogger("vesper.runtime.Probe"),
            Level.WARN,
            "Something happened",
            thrown,
            null);
    event.addKeyValuePair(new KeyValuePair("answer", answer));
    return new String(encoder.encode(event), StandardCharsets.UTF_8);
  }
}
