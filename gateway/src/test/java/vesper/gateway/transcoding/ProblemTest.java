package vesper.gateway.transcoding;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.Status.Code;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import vesper.gateway.transcoding.Problem.FieldError;
import vesper.runtime.Refusal;

class ProblemTest {
  @Tag("GW-T6")
  @ParameterizedTest
  @CsvSource({
    "INVALID_ARGUMENT, 400",
    "OUT_OF_RANGE, 400",
    "FAILED_PRECONDITION, 400",
    "UNAUTHENTICATED, 401",
    "PERMISSION_DENIED, 403",
    "NOT_FOUND, 404",
    "ABORTED, 409",
    "ALREADY_EXISTS, 409",
    "RESOURCE_EXHAUSTED, 429",
    "CANCELLED, 499",
    "UNKNOWN, 500",
    "INTERNAL, 500",
    "DATA_LOSS, 500",
    "UNIMPLEMENTED, 501",
    "UNAVAILABLE, 503",
    "DEADLINE_EXCEEDED, 504"
  })
  void httpStatus_ofEachCode(Code code, int status) {
    assertThat(Problem.of(code.toStatus(), null).status()).isEqualTo(status);
  }

  @ParameterizedTest
  @EnumSource(
      names = {
        "INTERNAL",
        "UNKNOWN",
        "DATA_LOSS",
        "UNIMPLEMENTED",
        "UNAVAILABLE",
        "DEADLINE_EXCEEDED",
        "CANCELLED"
      })
  void detail_ofTheInside_isKeptBack(Code code) {
    Problem problem =
        Problem.of(code.toStatus().withDescription("java.lang.Oops at nats:4222"), null);

    assertThat(problem.detail()).doesNotContain("Oops", "4222").isNotBlank();
  }

  @Test
  void of_refusalWithFields() {
    Problem problem = Problem.of(Refusal.invalid("rate.numerator", "must be positive"));

    assertThat(problem.errors())
        .containsExactly(new FieldError("rate.numerator", "must be positive"));
    assertThat(problem.detail()).isEqualTo("rate.numerator: must be positive");
  }

  @Test
  void of_refusalWithReason() {
    Problem problem =
        Problem.of(Refusal.precondition("BUSY", "the last turn is still being answered"));

    assertThat(problem.reason()).isEqualTo("BUSY");
    assertThat(problem.status()).isEqualTo(400);
  }

  @Test
  void of_refusalWithDelay_roundsUp() {
    Problem problem = Problem.of(Refusal.exhausted(Duration.ofMillis(1001), "slower"));

    assertThat(problem.retryAfter()).isEqualTo(Duration.ofMillis(1001));
    assertThat(problem.retryAfterSeconds()).isEqualTo("2");
  }

  @Test
  void of_unavailableOnPurpose_keepsItsWords() {
    assertThat(
            Problem.of(Refusal.unavailable(Duration.ofSeconds(1), "the keys are being fetched"))
                .detail())
        .isEqualTo("the keys are being fetched");
  }

  @Test
  void of_brokenDetails_isInternal() {
    Metadata trailers = new Metadata();
    trailers.put(
        Metadata.Key.of("grpc-status-details-bin", Metadata.BINARY_BYTE_MARSHALLER),
        new byte[] {8, 3, 26, 4, 10, 2, 'x', 'y'});

    assertThat(Problem.of(Status.INVALID_ARGUMENT, trailers).status()).isIn(400, 500);
  }

  @Test
  void toJson_holdsWhatIsThere() {
    Problem problem =
        new Problem(
            400,
            Code.INVALID_ARGUMENT,
            "it's \"wrong\"",
            "ODD",
            List.of(new FieldError("a.b", "no")),
            Duration.ofMillis(1500));

    assertThat(new String(problem.toJson("request-1"), StandardCharsets.UTF_8))
        .isEqualTo(
            "{\"type\":\"about:blank\",\"title\":\"Bad Request\",\"status\":400,"
                + "\"detail\":\"it's \\\"wrong\\\"\",\"instance\":\"request-1\","
                + "\"code\":\"INVALID_ARGUMENT\",\"reason\":\"ODD\","
                + "\"errors\":[{\"field\":\"a.b\",\"message\":\"no\"}],\"retry_after_ms\":1500}");
  }

  @Test
  void toJson_leavesOutWhatIsNot() {
    assertThat(
            new String(
                Problem.of(Status.NOT_FOUND, null).toJson("request-1"), StandardCharsets.UTF_8))
        .isEqualTo(
            "{\"type\":\"about:blank\",\"title\":\"Not Found\",\"status\":404,"
                + "\"detail\":\"Not Found\",\"instance\":\"request-1\",\"code\":\"NOT_FOUND\"}");
  }
}
