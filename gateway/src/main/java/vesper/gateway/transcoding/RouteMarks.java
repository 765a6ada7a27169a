package vesper.gateway.transcoding;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The fields of a route that HTTP has headers for: `etag`, the version of a thing, and
/// `resume_token`, the place in a stream. A contract has them by naming them so.
///
/// @param requestVersion field of the request, or null
/// @param replyVersion field of the reply, or null
/// @param requestCursor field of the request, or null
/// @param replyCursor field of the reply, or null
public record RouteMarks(
    @Nullable FieldDescriptor requestVersion,
    @Nullable FieldDescriptor replyVersion,
    @Nullable FieldDescriptor requestCursor,
    @Nullable FieldDescriptor replyCursor) {
  private static final String VERSION = "etag";
  private static final String CURSOR = "resume_token";
  private static final Pattern VERSION_FORM = Pattern.compile("[!#-~]{1,128}");
  private static final Pattern CURSOR_FORM = Pattern.compile("[!-~]{1,1024}");
  private static final Pattern IF_MATCH_FORM = Pattern.compile("\"([!#-~]{1,128})\"");

  static RouteMarks of(Descriptor request, Descriptor reply) {
    return new RouteMarks(
        text(request, VERSION), text(reply, VERSION), text(request, CURSOR), text(reply, CURSOR));
  }

  private static @Nullable FieldDescriptor text(Descriptor type, String name) {
    FieldDescriptor field = type.findFieldByName(name);
    boolean fits =
        field != null && field.getType() == FieldDescriptor.Type.STRING && !field.isRepeated();
    return fits ? field : null;
  }

  /// Whether requests may name the version that a change is made on.
  public boolean takeVersion() {
    return requestVersion != null;
  }

  /// Whether answers name the version of what they hold.
  public boolean giveVersion() {
    return replyVersion != null;
  }

  /// Whether a stream can go on after an item.
  public boolean haveCursor() {
    return requestCursor != null && replyCursor != null;
  }

  /// What names the place after an item, or an empty text when the stream cannot go on there.
  public String cursor(Message item) {
    String cursor = replyCursor == null ? "" : (String) item.getField(replyCursor);
    return CURSOR_FORM.matcher(cursor).matches() ? cursor : "";
  }

  /// The version of what an answer holds, or null when it has none that a header can tell.
  @Nullable String version(Message reply) {
    String version = replyVersion == null ? "" : (String) reply.getField(replyVersion);
    return VERSION_FORM.matcher(version).matches() ? version : null;
  }

  /// Sets the fields that headers give.
  void read(HeaderFields headers, Message.Builder request, Findings findings) {
    if (headers.lastEventId() != null && haveCursor() && requestCursor != null) {
      // A browser that connects again sends the last id, and the query with which it began.
      request.setField(requestCursor, headers.lastEventId());
    }
    String ifMatch = headers.ifMatch();
    // An asterisk asks for any version.
    if (ifMatch == null || ifMatch.equals("*")) {
      return;
    }
    Matcher matcher = IF_MATCH_FORM.matcher(ifMatch);
    if (requestVersion == null) {
      findings.add("If-Match", "is no header of this call: what it changes has no version");
    } else if (!matcher.matches()) {
      findings.add("If-Match", "must be one version in double quotes, as an ETag gives it");
    } else {
      Object given = request.getField(requestVersion);
      if (!given.equals("") && !given.equals(matcher.group(1))) {
        findings.add("If-Match", "differs from the field '" + requestVersion.getJsonName() + "'");
      }
      request.setField(requestVersion, matcher.group(1));
    }
  }
}
