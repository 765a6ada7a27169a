package vesper.testing.vllm;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// A request that is answered with an error of OpenAI's form.
final class Refused extends Exception {
  private static final long serialVersionUID = 1;

  private final int status;
  private final String type;
  private final String parameter;
  private final transient @Nullable Duration retryAfter;

  private Refused(
      int status, String type, String parameter, String message, @Nullable Duration retryAfter) {
    super(message, null, false, false);
    this.status = status;
    this.type = type;
    this.parameter = parameter;
    this.retryAfter = retryAfter;
  }

  static Refused badRequest(String parameter, String message) {
    return new Refused(400, "BadRequestError", parameter, message, null);
  }

  static Refused notFound(String parameter, String message) {
    return new Refused(404, "NotFoundError", parameter, message, null);
  }

  static Refused wrongMethod() {
    return new Refused(405, "MethodNotAllowedError", "", "Method not allowed", null);
  }

  static Refused tooLarge() {
    return new Refused(413, "BadRequestError", "", "The request is too large", null);
  }

  static Refused fault(int status, Duration retryAfter) {
    return switch (status) {
      case 429 -> new Refused(429, "RateLimitError", "", "Too many requests", retryAfter);
      case 503 -> new Refused(503, "ServiceUnavailableError", "", "The engine is busy", retryAfter);
      default -> new Refused(500, "InternalServerError", "", "The engine failed", null);
    };
  }

  int status() {
    return status;
  }

  String type() {
    return type;
  }

  String parameter() {
    return parameter;
  }

  @Nullable Duration retryAfter() {
    return retryAfter;
  }
}
