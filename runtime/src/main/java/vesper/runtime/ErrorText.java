package vesper.runtime;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.sql.SQLException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What a dead letter says of a failure: enough to find it in the log, and no stack, statement or
/// token.
///
/// @param code a word, as in `INVALID_ARGUMENT` or `IllegalStateException`
/// @param text one line
record ErrorText(String code, String text) {
  private static final int LONGEST = 2_000;
  private static final Pattern TOKEN =
      Pattern.compile("[A-Za-z0-9_-]{8,}\\.[A-Za-z0-9_-]{8,}\\.[A-Za-z0-9_-]+");
  private static final Pattern CONTROL = Pattern.compile("[^\\x20-\\x7e\\u00a0-\\uffff]+");

  static ErrorText of(Throwable failure) {
    for (Throwable at = failure; at != null; at = at.getCause()) {
      if (at instanceof SQLException sql) {
        return new ErrorText("DATABASE", "the database refused it with state " + sql.getSQLState());
      }
    }
    if (failure instanceof StatusRuntimeException status) {
      Status refusal = status.getStatus();
      return new ErrorText(refusal.getCode().name(), cleaned(refusal.getDescription()));
    }
    return new ErrorText(failure.getClass().getSimpleName(), cleaned(failure.getMessage()));
  }

  private static String cleaned(@Nullable String message) {
    if (message == null) {
      return "";
    }
    String line = message.lines().findFirst().orElse("");
    String clean = CONTROL.matcher(TOKEN.matcher(line).replaceAll("***")).replaceAll(" ");
    return clean.length() <= LONGEST ? clean : clean.substring(0, LONGEST);
  }
}
