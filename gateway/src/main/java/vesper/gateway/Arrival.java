package vesper.gateway;

import com.linecorp.armeria.server.ServiceRequestContext;
import io.netty.util.AttributeKey;

/// A request that has just come, before anything of it is read.
///
/// @param requestId names it
/// @param address where it comes from, as limits know it
record Arrival(String requestId, String address) {
  private static final AttributeKey<Arrival> KEY = AttributeKey.valueOf(Arrival.class, "ARRIVAL");

  /// Remembers it beside its request.
  void keepIn(ServiceRequestContext context) {
    context.setAttr(KEY, this);
  }

  /// The one that was kept beside a request.
  static Arrival of(ServiceRequestContext context) {
    Arrival kept = context.ownAttr(KEY);
    if (kept == null) {
      throw new IllegalStateException("the request did not come in by the front");
    }
    return kept;
  }
}
