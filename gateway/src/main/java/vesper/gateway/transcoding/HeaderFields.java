package vesper.gateway.transcoding;

import org.jspecify.annotations.Nullable;

/// What headers of a request say of its fields.
///
/// @param ifMatch the version that a change was made on: `If-Match`, the field `etag`
/// @param lastEventId where a stream goes on: `Last-Event-ID`, the field `resume_token`
public record HeaderFields(@Nullable String ifMatch, @Nullable String lastEventId) {
  /// None.
  public static final HeaderFields NONE = new HeaderFields(null, null);
}
